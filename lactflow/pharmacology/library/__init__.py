"""Files of drugs that come with lactflow, one for each; `lactflow.config.drugs.files` reads them."""
