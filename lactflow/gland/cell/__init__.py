"""What a cell feels and what becomes of it: receptors, genes, junctions, stress, involution, numbers of cells."""
