"""
The bibliography: every paper that a number in lactflow rests on, once.

A declaration in `lactflow.parameters` names its source from here. `ASSUMED` marks a number that no
paper gives; its declaration says why that value was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """
    One reference.

    Attributes
    ----------
    key
        Short name, `FirstAuthorYear`.
    text
        Authors, year, journal, volume, pages.
    doi
        Digital object identifier, None when not known.
    """

    key: str
    text: str
    doi: str | None = None


ASSUMED = Source("assumed", "Assumption of this project; the reason stands in the note")
DERIVED = Source("derived", "Computed from other declared quantities; the arithmetic stands in the note")

KENT_2006 = Source(
    "Kent2006", "Kent JC, Mitoulas LR, Cregan MD et al. 2006. Pediatrics 117:e387-e395", "10.1542/peds.2005-1417"
)
KENT_1999 = Source("Kent1999", "Kent JC, Mitoulas L, Cox DB, Owens RA, Hartmann PE 1999. Exp Physiol 84:435-447")
COX_1996 = Source("Cox1996", "Cox DB, Owens RA, Hartmann PE 1996. Exp Physiol 81:1007-1020")
DALY_1993 = Source("Daly1993", "Daly SE, Di Rosso A, Owens RA, Hartmann PE 1993. Exp Physiol 78:741-755")
DALY_1996 = Source("Daly1996", "Daly SE, Kent JC, Owens RA, Hartmann PE 1996. Exp Physiol 81:861-875")
HARTMANN_KULSKI_1978 = Source("HartmannKulski1978", "Hartmann PE, Kulski JK 1978. J Physiol 275:1-11")
SOTO_MENDEZ_2016 = Source("SotoMendez2016", "Soto-Mendez MJ et al. 2016. Nutr Hosp 33")
LIAO_2017 = Source(
    "Liao2017", "Liao Y, Weber D, Xu W, Durbin-Johnson BP, Phinney BS, Lonnerdal B 2017. J Proteome Res 16:4113-4121"
)
TURNER_1992 = Source(
    "Turner1992", "Turner MD, Rennison ME, Handel SE, Wilde CJ, Burgoyne RD 1992. J Cell Biol 117:269-278"
)
MASEDUNSKAS_2017 = Source(
    "Masedunskas2017", "Masedunskas A, Chen Y, Stussman R, Weigert R, Mather IH 2017. Mol Biol Cell 28:935-946"
)
LOPEZ_2011 = Source("Lopez2011", "Lopez C, Menard O 2011. Colloids Surf B 83:29-41")
IDEI_2024 = Source("Idei2024", "Idei Y et al. 2024. Midwifery 136:104039")
GARDNER_2015 = Source("Gardner2015", "Gardner H et al. 2015. BMC Pregnancy Childbirth 15")
RAMSAY_2004 = Source("Ramsay2004", "Ramsay DT, Kent JC, Owens RA, Hartmann PE 2004. Pediatrics 113:361-367")
RAMSAY_2005 = Source("Ramsay2005", "Ramsay DT, Kent JC, Hartmann RA, Hartmann PE 2005. J Anat 206:525-534")
RAMSAY_PUMP_2005 = Source(
    "RamsayPump2005", "Ramsay DT, Mitoulas LR, Kent JC, Larsson M, Hartmann PE 2005. J Hum Lact 21:421-428"
)
THORNTON_1990 = Source("Thornton1990", "Thornton S et al. 1990. Am J Physiol 259:R21-R24")
SHORT_ETON_1959 = Source("ShortEton1959", "Short RV, Eton B 1959. Progesterone in blood. J Endocrinol")
BATTIN_1985 = Source("Battin1985", "Battin DA et al. 1985. Obstet Gynecol 65:785-788")
BONNAR_1975 = Source("Bonnar1975", "Bonnar J et al. 1975. BMJ 4:82-84")
DELVOYE_1977 = Source("Delvoye1977", "Delvoye P et al. 1977. Serum prolactin of nursing mothers in Zaire")
SIEVERTSEN_1980 = Source("Sievertsen1980", "Sievertsen GD et al. 1980. J Clin Endocrinol Metab")
