"""
The bibliography: every paper that a number in lactflow rests on, once.

A declaration in `lactflow.parameters` names its source from here. `ASSUMED` marks a number that no
paper gives; its declaration says why that value was chosen. What could not be confirmed of a paper is left out.
"""

from __future__ import annotations

from lactflow.sources.reference import Citation
from lactflow.sources.reference import paper as _paper

__all__ = ["ASSUMED", "DERIVED", "Citation"]

ASSUMED = Citation(key="assumed", title="Assumption of this project; the reason stands in the note")
DERIVED = Citation(key="derived", title="Computed from other declared quantities; the arithmetic stands in the note")

# By the name of the constant; who and when, the title, where.
# fmt: off
ABBASSI_2009 = _paper("AbbassiGhanavati2009", 2009, "Abbassi-Ghanavati M, Greer LG, Cunningham FG",
    "Pregnancy and laboratory studies: a reference table for clinicians", "Obstet Gynecol, 114:1326-1331")
ALLEGAERT_2020 = _paper("Allegaert2020", 2020, "Allegaert K, Smits A",
    "Acute maternal fasting or fluid abstention does not significantly affect the macronutrient composition of human "
    "milk: clinical and clinical research relevance", "Children (Basel), 7:60")
ALLEN_1991 = _paper("Allen1991", 1991, "Allen JC, Keller RP, Archer P, Neville MC",
    "Studies in human lactation: milk composition and daily secretion rates of macronutrients in the first year of "
    "lactation", "Am J Clin Nutr, 54:69-80")
ANDERSON_HOLFORD_2008 = _paper("AndersonHolford2008", 2008, "Anderson BJ, Holford NHG",
    "Mechanism-based concepts of size and maturity in pharmacokinetics",
    "Annu Rev Pharmacol Toxicol, 48:303-332", doi="10.1146/annurev.pharmtox.48.113006.094708", pmid=17914927)
ANDERSON_HOLFORD_2009 = _paper("AndersonHolford2009", 2009, "Anderson BJ, Holford NHG",
    "Mechanistic basis of using body size and maturation to predict clearance in humans",
    "Drug Metab Pharmacokinet, 24:25-36", doi="10.2133/dmpk.24.25", pmid=19252334)
ANSELL_1977 = _paper("Ansell1977", 1977, "Ansell C, Moore A, Barrie H",
    "Electrolyte and pH changes in human milk",
    "Pediatr Res, 11:1177-1179", doi="10.1203/00006450-197712000-00002", pmid=22838)
ARTHUR_1989 = _paper("Arthur1989", 1989, "Arthur PG, Smith M, Hartmann PE",
    "Milk lactose, citrate, and glucose as markers of lactogenesis in normal and diabetic women",
    "J Pediatr Gastroenterol Nutr, 9:488-496", doi="10.1097/00005176-198911000-00016")
ATKINSON_FAT_1988 = _paper("AtkinsonFat1988", 1988, "Atkinson HC, Begg EJ",
    "Relationship between human milk lipid-ultrafiltrate and octanol-water partition coefficients",
    "J Pharm Sci, 77:796-798")
BATTIN_1985 = _paper("Battin1985", 1985, "Battin DA et al.",
    "Effect of suckling on serum prolactin, luteinizing hormone, follicle-stimulating hormone, and estradiol during "
    "prolonged lactation", "Obstet Gynecol, 65:785-788", pmid=3923412)
BEGG_2002 = _paper("Begg2002", 2002, "Begg EJ et al.",
    "Studying drugs in human milk: time to unify the approach",
    "J Hum Lact, 18:323-332", doi="10.1177/089033402237904", pmid=12449047)
BERGMAN_2013 = _paper("Bergman2013", 2013, "Bergman NJ",
    "Neonatal stomach volume and physiology suggest feeding at 1-h intervals",
    "Acta Paediatr, 102:773-777", doi="10.1111/apa.12291", pmid=23662739)
BONNAR_1975 = _paper("Bonnar1975", 1975, "Bonnar J et al.",
    "Effect of breast-feeding on pituitary-ovarian function after childbirth",
    "BMJ, 4:82-84", doi="10.1136/bmj.4.5988.82", pmid=1182476)
BURGOYNE_DUNCAN_1998 = _paper("BurgoyneDuncan1998", 1998, "Burgoyne RD, Duncan JS",
    "Secretion of milk proteins", "J Mammary Gland Biol Neoplasia")
CABERGOLINE_1991 = _paper("Cabergoline1991", 1991,
    "European Multicentre Study Group for Cabergoline in Lactation Inhibition",
    "Single dose cabergoline versus bromocriptine in inhibition of puerperal lactation: randomised, double blind, "
    "multicentre study", "BMJ, 302:1367-1371", doi="10.1136/bmj.302.6789.1367", pmid=1676318)
CABERGOLINE_CESAREAN_1991 = _paper("CabergolineCesarean1991", 1991, "",
    "Cabergoline versus bromocriptine in suppression of lactation after cesarean delivery",
    "Gynecol Obstet Invest, 31:93-96", doi="10.1159/000293109")
CABERGOLINE_DOSES_1991 = _paper("CabergolineDoses1991", 1991, "",
    "Oral cabergoline. Single-dose inhibition of puerperal lactation", "J Reprod Med, 36:717-721", pmid=1683403)
CARVALHO_1985 = _paper("Carvalho1985", 1985, "de Carvalho M, Anderson DM, Giangreco A, Pittard WB",
    None, "Am J Dis Child, 139:483-485")
CHANG_2013 = _paper("Chang2013", 2013, "Chang JC et al.",
    "Influence of prolonged storage process, pasteurization, and heat treatment on biologically-active human milk "
    "proteins", "Pediatr Neonatol, 54:360-366", doi="10.1016/j.pedneo.2013.03.018")
CHAPMAN_1999 = _paper("Chapman1999", 1999, "Chapman RS et al.",
    "Suppression of epithelial apoptosis and delayed mammary gland involution in mice with a conditional knockout of "
    "Stat3", "Genes Dev, 13:2604", pmid=10521404)
CHAPMAN_2000 = _paper("Chapman2000", 2000, "Chapman DJ, Perez-Escamilla R",
    "Maternal perception of the onset of lactation is a valid, public health indicator of lactogenesis stage II",
    "J Nutr, 130:2972-2980", doi="10.1093/jn/130.12.2972", pmid=11110856)
COHEN_1994 = _paper("Cohen1994", 1994, "Cohen RJ, Brown KH, Canahuati J, Rivera LL, Dewey KG",
    "Effects of age of introduction of complementary foods on infant breast milk intake, total energy intake, and "
    "growth", "Lancet, 344:288-293", doi="10.1016/S0140-6736(94)91337-4", pmid=7914260)
COX_1996 = _paper("Cox1996", 1996, "Cox DB, Owens RA, Hartmann PE",
    "Blood and milk prolactin and the rate of milk synthesis in women",
    "Exp Physiol, 81:1007-1020", doi="10.1113/expphysiol.1996.sp003985", pmid=8960706)
CREGAN_2002 = _paper("Cregan2002", 2002, "Cregan MD, De Mello TR, Kershaw D, McDougall K, Hartmann PE",
    None, "Acta Obstet Gynecol Scand, 81:870-877", doi="10.1034/j.1600-0412.2002.810913.x")
CUBERO_2005 = _paper("Cubero2005", 2005, "Cubero J et al.", None, "Neuro Endocrinol Lett, 26")
DALY_1993 = _paper("Daly1993", 1993, "Daly SE, Di Rosso A, Owens RA, Hartmann PE",
    "Degree of breast emptying explains changes in the fat content, but not fatty acid composition, of human milk",
    "Exp Physiol, 78:741-755", pmid=8311942)
DALY_1996 = _paper("Daly1996", 1996, "Daly SE, Kent JC, Owens RA, Hartmann PE",
    "Frequency and degree of milk removal and the short-term control of human milk synthesis",
    "Exp Physiol, 81:861-875")
DA_SILVA_2001 = _paper("DaSilva2001", 2001, "da Silva OP, Knoppert DC, Angelini MM, Forret PA",
    "Effect of domperidone on milk production in mothers of premature newborns: a randomized, double-blind, "
    "placebo-controlled trial", "CMAJ, 164:17-21")
DELVOYE_1977 = _paper("Delvoye1977", 1977, "Delvoye P, Demaegd M, Delogne-Desnoeck J, Robyn C",
    "The influence of the frequency of nursing and of previous lactation experience on serum prolactin in lactating "
    "mothers", "J Biosoc Sci, 9:447-451", doi="10.1017/s0021932000011287")
DEWEY_1984 = _paper("Dewey1984", 1984, "Dewey KG, Finley DA, Lonnerdal B",
    "Breast milk volume and composition during late lactation (7-20 months)",
    "J Pediatr Gastroenterol Nutr, 3:713-720", doi="10.1097/00005176-198411000-00014", pmid=6502372)
DEWEY_2003 = _paper("Dewey2003", 2003, "Dewey KG et al.",
    "Risk factors for suboptimal infant breastfeeding behavior, delayed onset of lactation, and excess neonatal weight "
    "loss", "Pediatrics, 112:607-619", doi="10.1542/peds.112.3.607", pmid=12949292)
DEWEY_LONNERDAL_1983 = _paper("DeweyLonnerdal1983", 1983, "Dewey KG, Lonnerdal B",
    "Milk and nutrient intake of breast-fed infants from 1 to 6 months: relation to growth and fatness",
    "J Pediatr Gastroenterol Nutr, 2:497-506", doi="10.1097/00005176-198302030-00018", pmid=6620057)
ENERGY_OF_MILK = _paper("Gidrewicz2014", 2014, "Gidrewicz DA, Fenton TR",
    "A systematic review and meta-analysis of the nutrient content of preterm and term breast milk",
    "BMC Pediatr, 14:216", doi="10.1186/1471-2431-14-216")
ERGULER_2013 = _paper("Erguler2013", 2013, "Erguler K, Pieri M, Deltas C",
    "A mathematical model of the unfolded protein stress response reveals the decision mechanism for recovery, "
    "adaptation and apoptosis", "BMC Syst Biol, 7:16", doi="10.1186/1752-0509-7-16", pmid=23433609)
EVANS_1978 = _paper("Evans1978", 1978, "Evans TJ, Ryley HC, Neale LM, Dodge JA, Lewarne VM",
    "Effect of storage and heat on antimicrobial proteins in human milk", "Arch Dis Child, 53:239-241")
EWER_1994 = _paper("Ewer1994", 1994, "Ewer AK, Durbin GM, Morgan ME, Booth IW",
    None, "Arch Dis Child Fetal Neonatal Ed, 71:F24-F27")
FAO_2004 = _paper("FAO2004", 2004, "FAO/WHO/UNU Expert Consultation",
    "Human energy requirements", "FAO Food and Nutrition Technical Report Series 1; see also Butte NF 2005, "
    "Public Health Nutr, 8:953-967", pmid=16277814)
FETHERSTON_2006 = _paper("Fetherston2006", 2006, "Fetherston CM, Lai CT, Hartmann PE",
    "Relationships between symptoms and changes in breast physiology during lactation mastitis",
    "Breastfeed Med, 1:136-145")
FLAHERMAN_2015 = _paper("Flaherman2015", 2015,
    "Flaherman VJ, Schaefer EW, Kuzniewicz MW, Li SX, Walsh EM, Paul IM",
    "Early weight loss nomograms for exclusively breastfed newborns",
    "Pediatrics, 135:e16-e23", doi="10.1542/peds.2014-1532", pmid=25554815)
FORD_1977 = _paper("Ford1977", 1977, "Ford JE et al.",
    "Influence of the heat treatment of human milk on some of its protective constituents",
    "J Pediatr, 90:29-35", doi="10.1016/s0022-3476(77)80759-2", pmid=318682)
FURUKAWA_2022 = _paper("Furukawa2022", 2022,
    "Furukawa K, Mizuno K, Azuma M, Yoshida Y, Den H, Iyoda M, Nagao S, Tsujimori Y",
    "Reliability of an ion-selective electrode as a simple diagnostic tool for mastitis",
    "J Hum Lact, 38:262-269", pmid=35139680)
GESTATIONAL_2021 = _paper("Gestational2021", 2021, "",
    "Gestational diabetes and delayed onset of lactation: a meta-analysis", "Breastfeed Med, 16:385-392")
GARDNER_2015 = _paper("Gardner2015", 2015, "Gardner H et al.",
    "Milk ejection patterns: an intra-individual comparison of breastfeeding and pumping",
    "BMC Pregnancy Childbirth, 15:156", doi="10.1186/s12884-015-0583-3")
GOLDMAN_1982 = _paper("Goldman1982", 1982, "Goldman AS, Garza C, Nichols BL, Goldblum RM",
    "Immunologic factors in human milk during the first year of lactation",
    "J Pediatr, 100:563-567", doi="10.1016/s0022-3476(82)80753-1", pmid=6977634)
HAASE_2009 = _paper("Haase2009", 2009, "Haase B et al.",
    "The development of an accurate test weighing technique for preterm and high-risk hospitalized infants",
    "Breastfeed Med, 4:151-156", doi="10.1089/bfm.2008.0125", pmid=19739951)
HARTMANN_1984 = _paper("Hartmann1984", 1984, "Hartmann PE et al.",
    "Physiological basis of longitudinal changes in human milk yield and composition",
    "Fed Proc, 43:2448-2453", pmid=6373380)
HARTMANN_CREGAN_2001 = _paper("HartmannCregan2001", 2001, "Hartmann P, Cregan M",
    "Lactogenesis and the effects of insulin-dependent diabetes mellitus and prematurity",
    "J Nutr, 131:3016S-3020S")
HARTMANN_KULSKI_1978 = _paper("HartmannKulski1978", 1978, "Hartmann PE, Kulski JK",
    "Changes in the composition of the mammary secretion of women after abrupt termination of breast feeding",
    "J Physiol, 275:1-11", doi="10.1113/jphysiol.1978.sp012173")
HASLAM_SHYAMALA_1979 = _paper("HaslamShyamala1979", 1979, "Haslam SZ, Shyamala G",
    "Effect of oestradiol on progesterone receptors in normal mammary glands and its relationship to lactation",
    "Biochem J, 182:127-131")
HAWKES_2011 = _paper("Hawkes2011", 2011, "Hawkes CP, Hourihane JO, Kenny LC, Irvine AD, Kiely M, Murray DM",
    "Gender- and gestational age-specific body fat percentage at birth",
    "Pediatrics, 128:e645-e651", doi="10.1542/peds.2010-3856", pmid=21824882)
HC11_2019 = _paper("HC11_2019", 2019, "Radhakrishnan laboratory", None, "BMC Bioinformatics",
    doi="10.1186/s12859-019-2816-3")
HENDERSON_1983 = _paper("Henderson1983", 1983, "Henderson AJ, Blatchford DR, Peaker M",
    "The effects of milking thrice instead of twice daily on milk secretion in the goat",
    "Q J Exp Physiol, 68:645-652", doi="10.1113/expphysiol.1983.sp002754")
HENDERSON_2010 = _paper("Henderson2010", 2010, "Henderson JM, France KG, Owens JL, Blampied NM",
    "Sleeping through the night: the consolidation of self-regulated sleep across the first year of life",
    "Pediatrics, 126:e1081-e1087")
HENRIKSSON_2017 = _paper("Henriksson2017", 2017,
    "Henriksson H, Eriksson B, Forsum E, Flinke E, Henriksson P, Lof M",
    "Longitudinal assessment of body composition in healthy Swedish children from 1 week until 4 years of age",
    "Eur J Clin Nutr", doi="10.1038/ejcn.2017.125", pmid=28832576)
HMO_2021 = _paper("HMO2021", 2021, "",
    "Changes in HMO concentrations throughout lactation: influencing factors, health effects and opportunities",
    "Nutrients, 13:2272", doi="10.3390/nu13072272")
HOPKINSON_1988 = _paper("Hopkinson1988", 1988, "Hopkinson JM, Schanler RJ, Garza C",
    "Milk production by mothers of premature infants", "Pediatrics, 81:815-820", pmid=3368280)
IDEI_2024 = _paper("Idei2024", 2024, "Idei Y et al.", None, "Midwifery, 136:104039")
ILLNEROVA_1993 = _paper("Illnerova1993", 1993, "Illnerova H et al.", None, "J Clin Endocrinol Metab, 77")
IOM_1991 = _paper("IOM1991", 1991, "Institute of Medicine",
    "Nutrition During Lactation", publisher="National Academy Press")
JAGGI_1996 = _paper("Jaggi1996", 1996, "Jaggi R et al.",
    "Regulation of a physiological apoptosis: mouse mammary involution",
    "J Dairy Sci, 79:1074-1084", doi="10.3168/jds.S0022-0302(96)76461-5", pmid=8827473)
KENT_1992 = _paper("Kent1992", 1992, "Kent JC, Arthur PG, Retallack RW, Hartmann PE",
    "Calcium, phosphate and citrate in human milk at initiation of lactation", "J Dairy Res, 59:161-167")
KENT_1999 = _paper("Kent1999", 1999, "Kent JC, Mitoulas L, Cox DB, Owens RA, Hartmann PE",
    "Breast volume and milk production during extended lactation in women", "Exp Physiol, 84:435-447", pmid=10226183)
KENT_2006 = _paper("Kent2006", 2006, "Kent JC, Mitoulas LR, Cregan MD et al.",
    "Volume and frequency of breastfeedings and fat content of breast milk throughout the day",
    "Pediatrics, 117:e387-e395", doi="10.1542/peds.2005-1417")
KENT_2007 = _paper("Kent2007", 2007, "Kent JC", "How breastfeeding works",
    "J Midwifery Womens Health, 52:564-570", doi="10.1016/j.jmwh.2007.04.007", pmid=17983993)
KENT_2013 = _paper("Kent2013", 2013, "Kent JC, Hepworth AR, Sherriff JL, Cox DB, Mitoulas LR, Hartmann PE",
    "Longitudinal changes in breastfeeding patterns from 1 to 6 months of lactation", "Breastfeed Med, 8:401-407")
KNILL_2021 = _paper("Knill2021", 2021, "Knill CN, Crandall RS, Jurus DT",
    "Insufficient lactation leading to postpartum diagnosis of placenta accreta spectrum disorder in a primigravid "
    "patient", "Obstet Gynecol, 137:273-276", doi="10.1097/AOG.0000000000004233")
KRITIKOU_2003 = _paper("Kritikou2003", 2003, "Kritikou EA et al.", None, "Development")
KULSKI_1977 = _paper("Kulski1977", 1977, "Kulski JK, Smith M, Hartmann PE",
    "Perinatal concentrations of progesterone, lactose and alpha-lactalbumin in the mammary secretion of women",
    "J Endocrinol, 74:509-510", doi="10.1677/joe.0.0740509", pmid=925578)
LAI_2018 = _paper("Lai2018", 2018, "Lai CT, Gardner H, Geddes D",
    "Comparison of inductively coupled plasma optical emission spectrometry with an ion selective electrode to "
    "determine sodium and potassium levels in human milk", "Nutrients, 10:1218", doi="10.3390/nu10091218")
LAWRENCE_2001 = _paper("Lawrence2001", 2001, "Lawrence RA",
    "Milk banking: the influence of storage procedures and subsequent processing on immunologic components of human "
    "milk", "Adv Nutr Res, 10:389-404", doi="10.1007/978-1-4615-0661-4_19", pmid=11795052)
LE_GUENNEC_1985 = _paper("LeGuennec1985", 1985, "Le Guennec JC, Billon B, Pare C",
    "Maturational changes of caffeine concentrations and disposition in infancy during maintenance therapy for apnea "
    "of prematurity: influence of gestational age, hepatic disease, and breast-feeding",
    "Pediatrics, 76:834-840", pmid=4058995)
LIAO_2017 = _paper("Liao2017", 2017, "Liao Y, Weber D, Xu W, Durbin-Johnson BP, Phinney BS, Lonnerdal B",
    "Absolute quantification of human milk caseins and the whey/casein ratio during the first year of lactation",
    "J Proteome Res, 16:4113-4121")
LI_2022 = _paper("Li2022", 2022, "Li X, Siviroj P, Ruangsuriya J, Yousaibua N, Ongprasert K",
    "Effects of the thawing rate and heating temperature on immunoglobulin A and lysozyme activity in human milk",
    "Int Breastfeed J, 17", doi="10.1186/s13006-022-00487-4")
LONNERDAL_1976 = _paper("Lonnerdal1976", 1976, "Lonnerdal B, Forsum E, Hambraeus L",
    "A longitudinal study of the protein, nitrogen, and lactose contents of human milk from Swedish well-nourished "
    "mothers", "Am J Clin Nutr, 29:1127-1133", doi="10.1093/ajcn/29.10.1127", pmid=973601)
LOPEZ_2011 = _paper("Lopez2011", 2011, "Lopez C, Menard O", None, "Colloids Surf B, 83:29-41", pmid=21126862)
LUCAS_1980 = _paper("Lucas1980", 1980, "Lucas A, Lucas PJ, Baum JD", None, "Pediatr Res, 14:179")
MASEDUNSKAS_2017 = _paper("Masedunskas2017", 2017, "Masedunskas A, Chen Y, Stussman R, Weigert R, Mather IH",
    "Kinetics of milk lipid droplet transport, growth, and secretion revealed by intravital imaging: lipid droplet "
    "release is intermittently stimulated by oxytocin", "Mol Biol Cell, 28:935-946", doi="10.1091/mbc.e16-11-0776")
MCNEILLY_1983 = _paper("McNeilly1983", 1983, "McNeilly AS, Robinson ICAF, Houston MJ, Howie PW",
    "Release of oxytocin and prolactin in response to suckling",
    "BMJ, 286:257-259", doi="10.1136/bmj.286.6361.257", pmid=6402061)
MICHALSKI_2005 = _paper("Michalski2005", 2005, "Michalski MC, Briard V, Michel F, Tasson F, Poulain P",
    "Size distribution of fat globules in human colostrum, breast milk, and infant formula",
    "J Dairy Sci, 88:1927-1940", doi="10.3168/jds.S0022-0302(05)72868-X")
MOHAMMAD_2009 = _paper("Mohammad2009", 2009,
    "Mohammad MA, Sunehag AL, Chacko SK, Pontius AS, Maningat PD, Haymond MW",
    "Mechanisms to conserve glucose in lactating women during a 42-h fast",
    "Am J Physiol Endocrinol Metab, 297:E879-E888", doi="10.1152/ajpendo.00364.2009", pmid=19654284)
MORTON_1994 = _paper("Morton1994", 1994, "Morton JA",
    "The clinical usefulness of breast milk sodium in the assessment of lactogenesis",
    "Pediatrics, 93:802-806", pmid=8165082)
MURASE_2014 = _paper("Murase2014", 2014, "Murase M, Wagner E, Chantry C, Dewey K, Nommsen-Rivers L",
    "The relation between breast milk sodium to potassium ratio and maternal report of a milk supply concern at 7 days "
    "postpartum", "FASEB J, 28:1016.9", doi="10.1096/fasebj.28.1_supplement.1016.9")
NEPHELOMETRY_2001 = _paper("Nephelometry2001", 2001, "",
    "Changes in lactoferrin and lysozyme levels in human milk during the first twelve weeks of lactation",
    "Adv Exp Med Biol, 501:241-247", doi="10.1007/978-1-4615-1371-1_30", pmid=11787687)
NEVILLE_1988 = _paper("Neville1988", 1988,
    "Neville MC, Keller R, Seacat J, Lutes V, Neifert M, Casey C, Allen J, Archer P",
    "Studies in human lactation: milk volumes in lactating women during the onset of lactation and full lactation",
    "Am J Clin Nutr, 48:1375-1386", doi="10.1093/ajcn/48.6.1375", pmid=3202087)
NGUYEN_2001 = _paper("Nguyen2001", 2001, "Nguyen DA, Parlow AF, Neville MC",
    "Hormonal regulation of tight junction closure in the mouse mammary epithelium during the transition from "
    "pregnancy to lactation", "J Endocrinol, 170:347-356", doi="10.1677/joe.0.1700347")
NICE_2017 = _paper("NICE2017", 2017, "NICE",
    "Faltering growth: recognition and management of faltering growth in children", publisher="NICE guideline NG75")
NOEL_WEISS_2008 = _paper("NoelWeiss2008", 2008, "Noel-Weiss J, Courant G, Woodend AK",
    "Physiological weight loss in the breastfed neonate: a systematic review", "Open Med, 2:e99-e110", pmid=21602959)
NOEL_WEISS_2011 = _paper("NoelWeiss2011", 2011, "Noel-Weiss J et al.",
    None, "Int Breastfeed J, 6:9", pmid=21843338)
NOMMSEN_RIVERS_2010 = _paper("NommsenRivers2010", 2010, "Nommsen-Rivers LA et al.",
    "Delayed onset of lactogenesis among first-time mothers is related to maternal obesity and factors associated with "
    "ineffective breastfeeding", "Am J Clin Nutr, 92:574-584", doi="10.3945/ajcn.2010.29192", pmid=20573792)
PEAKER_LINZELL = _paper("LinzellPeaker1971", 1971, "Linzell JL, Peaker M",
    "Mechanism of milk secretion", "Physiol Rev")
POWE_2010 = _paper("Powe2010", 2010,
    "Powe CE, Allen M, Puopolo KM, Merewood A, Worden S, Johnson LC, Fleischman A, Welt CK",
    "Recombinant human prolactin for the treatment of lactation insufficiency",
    "Clin Endocrinol, 73:645-653", doi="10.1111/j.1365-2265.2010.03850.x", pmid=20718766)
PROSSER_1984 = _paper("Prosser1984", 1984, "Prosser CG, Saint L, Hartmann PE",
    "Mammary gland function during gradual weaning and early gestation in women",
    "Aust J Exp Biol Med Sci, 62:215-228", doi="10.1038/icb.1984.22", pmid=6466209)
QIN_2019 = _paper("Qin2019", 2019, "Qin Y et al.", None, "Sci Rep, 9:17984")
RAMSAY_2004 = _paper("Ramsay2004", 2004, "Ramsay DT, Kent JC, Owens RA, Hartmann PE",
    "Ultrasound imaging of milk ejection in the breast of lactating women",
    "Pediatrics, 113:361-367", doi="10.1542/peds.113.2.361", pmid=14754950)
RAMSAY_2005 = _paper("Ramsay2005", 2005, "Ramsay DT, Kent JC, Hartmann RA, Hartmann PE",
    "Anatomy of the lactating human breast redefined with ultrasound imaging", "J Anat, 206:525-534")
RAMSAY_PUMP_2005 = _paper("RamsayPump2005", 2005, "Ramsay DT, Mitoulas LR, Kent JC, Larsson M, Hartmann PE",
    "The use of ultrasound to characterize milk ejection in women using an electric breast pump",
    "J Hum Lact, 21:421-428")
REILLY_2005 = _paper("Reilly2005", 2005, "Reilly JJ, Ashworth S, Wells JCK",
    "Metabolisable energy consumption in the exclusively breast-fed infant aged 3-6 months from the developed world: "
    "a systematic review", "Br J Nutr, 94:56-63", doi="10.1079/BJN20051464")
RHODIN_2009 = _paper("Rhodin2009", 2009, "Rhodin MM et al.",
    "Human renal function maturation: a quantitative description using weight and postmenstrual age",
    "Pediatr Nephrol, 24:67-76", doi="10.1007/s00467-008-0997-5", pmid=18846389)
RIOS_LEYVRAZ_2023 = _paper("RiosLeyvraz2023", 2023, "Rios-Leyvraz M, Yao Q",
    "The volume of breast milk intake in infants and young children: a systematic review and meta-analysis",
    "Breastfeed Med, 18:188-197", doi="10.1089/bfm.2022.0281")
ROLLO_2014 = _paper("Rollo2014", 2014, "Rollo DE et al.",
    "Stability of lactoferrin in stored human milk", "J Perinatol, 34:284-286", doi="10.1038/jp.2014.3")
ROSSONI_2008 = _paper("Rossoni2008", 2008, "Rossoni E et al.",
    "Emergent synchronous bursting of oxytocin neuronal network",
    "PLoS Comput Biol, 4:e1000123", doi="10.1371/journal.pcbi.1000123")
ROZNOWSKI_2020 = _paper("Roznowski2020", 2020, "Roznowski DM, Wagner EA, Riddle SW, Nommsen-Rivers LA",
    "Validity of a 3-hour breast milk expression protocol in estimating current maternal milk production capacity and "
    "infant breast milk intake in exclusively breastfeeding dyads", "Breastfeed Med, 15:630-638", pmid=32700964)
SAINT_1984 = _paper("Saint1984", 1984, "Saint L, Smith M, Hartmann PE",
    None, "Br J Nutr, 52:87-95", doi="10.1079/bjn19840074", pmid=6743645)
RUSSO_1996 = _paper("Russo1996", 1996, "Russo J, Russo IH, Calaf G", "Breast susceptibility to carcinogenesis")
SANTORO_2010 = _paper("Santoro2010", 2010, "Santoro W Jr, Martinez FE, Ricco RG, Jorge SM",
    None, "J Pediatr, 156:29-32")
SECRETORS_2017 = _paper("Secretors2017", 2017, "",
    "Influence of gestational age, secretor, and Lewis blood group status on the oligosaccharide content of human milk",
    "J Pediatr Gastroenterol Nutr, 64")
SHORT_ETON_1959 = _paper("ShortEton1959", 1959, "Short RV, Eton B", "Progesterone in blood", "J Endocrinol")
SIEVERTSEN_1980 = _paper("Sievertsen1980", 1980, "Sievertsen GD et al.", None, "J Clin Endocrinol Metab")
SAVENIJE_2006 = _paper("Savenije2006", 2006, "Savenije OEM, Brand PLP",
    "Accuracy and precision of test weighing to assess milk intake in newborn infants",
    "Arch Dis Child Fetal Neonatal Ed, 91:F330-F332", doi="10.1136/adc.2005.091876", pmid=16717082)
SCHULSTER_1989 = _paper("Schulster1989", 1989, "Schulster D, Gaines Das RE, Jeffcoate SL",
    "International Standards for human prolactin: calibration by international collaborative study",
    "J Endocrinol, 121:157-166", doi="10.1677/joe.0.1210157")
SCOTT_2007 = _paper("Scott2007", 2007, "Scott JA, Binns CW, Oddy WH",
    "Predictors of delayed onset of lactation", "Matern Child Nutr, 3:186-193")
SLUSHER_2012 = _paper("Slusher2012", 2012,
    "Slusher TM, Slusher IL, Keating EM, Curtis BA, Smith EA, Orodriyo E, Awori S, Nakakeeto MK",
    "Comparison of maternal milk (breastmilk) expression methods in an African nursery",
    "Breastfeed Med, 7:107-111", doi="10.1089/bfm.2011.0008")
SOTO_MENDEZ_2016 = _paper("SotoMendez2016", 2016,
    "Soto-Mendez MJ, Maldonado A, Burgunder L, Scieszka L, Gil A, Solomons NW",
    "Effects of maternal hydration status on the osmolality of maternal milk",
    "Nutr Hosp, 33 Suppl 3", doi="10.20960/nh.318")
STACEY_1995 = _paper("Stacey1995", 1995,
    "Stacey A, Schnieke A, Kerr M, Scott A, McKee C, Cottingham I, Binas B, Wilde C, Colman A",
    "Lactation is disrupted by alpha-lactalbumin deficiency and can be restored by human alpha-lactalbumin gene "
    "replacement in mice", "Proc Natl Acad Sci USA, 92:2835-2839", doi="10.1073/pnas.92.7.2835", pmid=7708733)
STAGE_1982 = _paper("Lee1982", 1982, "Lee BR, Ma JS, Sohn C",
    "Changes in Na and K concentrations in human milk: at different stage of lactation", "J Korean Pediatr Soc, 25:1-7")
STELWAGEN_1997 = _paper("Stelwagen1997", 1997, "Stelwagen K et al.",
    "Time course of milk accumulation-induced opening of mammary tight junctions, and blood clearance of milk "
    "components", "Am J Physiol, 273:R379-R386")
STINNAKRE_1994 = _paper("Stinnakre1994", 1994, "Stinnakre MG, Vilotte JL, Soulier S, Mercier JC",
    "Creation and phenotypic analysis of alpha-lactalbumin-deficient mice", "Proc Natl Acad Sci USA, 91:6544")
THORNTON_1990 = _paper("Thornton1990", 1990, "Thornton S et al.",
    "Effect of human pregnancy on metabolic clearance rate of oxytocin",
    "Am J Physiol, 259:R21-R24", doi="10.1152/ajpregu.1990.259.1.r21")
TURNER_1992 = _paper("Turner1992", 1992, "Turner MD, Rennison ME, Handel SE, Wilde CJ, Burgoyne RD",
    "Proteins are secreted by both constitutive and regulated secretory pathways in lactating mouse mammary epithelial "
    "cells", "J Cell Biol, 117:269-278", doi="10.1083/jcb.117.2.269", pmid=1313813)
UEDA_1994 = _paper("Ueda1994", 1994, "Ueda T, Yokoyama Y, Irahara M, Aono T",
    "Influence of psychological stress on suckling-induced pulsatile oxytocin release",
    "Obstet Gynecol, 84:259-262", pmid=8041543)
UVNAS_MOBERG_2020 = _paper("UvnasMoberg2020", 2020, "Uvnas-Moberg K et al.",
    None, "PLoS One, 15:e0235806", doi="10.1371/journal.pone.0235806")
YAMAUCHI_1990 = _paper("Yamauchi1990", 1990, "Yamauchi Y, Yamanouchi I",
    "Breast-feeding frequency during the first 24 hours after birth in full-term neonates", "Pediatrics, 86:171-175")
VAN_DER_VOORN_2016 = _paper("VanDerVoorn2016", 2016, "van der Voorn B",
    None, publisher="doctoral thesis")
TOMAR_2016 = _paper("Tomar2016", 2016, "Tomar",
    None,
    "Int J Contemp Pediatr", doi="10.18203/2349-3291.ijcp20161054")
VAN_NESTE_2023 = _paper("VanNeste2023", 2023, "Van Neste et al.", None)
VETHARANIAM_2003 = _paper("Vetharaniam2003", 2003, "Vetharaniam I et al.",
    "Modeling the interaction of milking frequency and nutrition on mammary gland growth and lactation", "J Dairy Sci")
WALL_2007 = _paper("Wall2007", 2007, "Wall EH, McFadden TB",
    "Optimal timing and duration of unilateral frequent milking during early lactation of dairy cows",
    "J Dairy Sci, 90:5042-5048", doi="10.3168/jds.2007-0356")
WATSON_1980 = _paper("Watson1980", 1980, "Watson PE, Watson ID, Batt RD",
    "Total body water volumes for adult males and females estimated from simple anthropometric measurements",
    "Am J Clin Nutr, 33:27-39")
WATSON_2006 = _paper("Watson2006", 2006, "Watson CJ",
    "Key stages in mammary gland development - Involution: apoptosis and tissue remodelling that convert the mammary "
    "gland from milk factory to a quiescent organ", "Breast Cancer Res, 8:203", doi="10.1186/bcr1401")
WEAVER_1998 = _paper("Weaver1998", 1998, "Weaver LT, Arthur HML, Bunn JEG, Thomas JE",
    "Human milk IgA concentrations during the first year of lactation",
    "Arch Dis Child, 78:235-239", doi="10.1136/adc.78.3.235", pmid=9613353)
WHO_2006 = _paper("WHO2006", 2006, "WHO Multicentre Growth Reference Study Group",
    "WHO child growth standards based on length/height, weight and age", "Acta Paediatr Suppl, 450:76-85")
WHO_SOLIDS = _paper("WHO2009", 2009, "World Health Organization",
    "Infant and young child feeding: model chapter for textbooks", "WHO, Geneva")
WHO_1984 = _paper("WHO1984", 1984, "WHO Task Force on Oral Contraceptives",
    "Effects of hormonal contraceptives on milk volume and infant growth",
    "Contraception, 30:505-522", doi="10.1016/0010-7824(84)90001-5")
WILDE_1995 = _paper("Wilde1995", 1995, "Wilde CJ, Addey CVP, Boddy LM, Peaker M",
    "Autocrine regulation of milk secretion by a protein in milk",
    "Biochem J, 305:51-58", doi="10.1042/bj3050051", pmid=7826353)
# fmt: on
