"""`lactflow drugs`, and runs with drugs from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from lactflow.analysis.digits import number
from lactflow.analysis.run import open_run
from lactflow.config.drugs.files import drug_of, shipped_drugs
from lactflow.config.scenario import load_scenario
from lactflow.errors import ConfigError
from lactflow.pharmacology.summary import NO_ADVICE


def test_the_list_has_every_drug_and_the_warning(invoke):
    """For people and for programs."""
    shown = invoke("drugs", "list")
    assert shown.exit_code == 0
    assert NO_ADVICE in shown.stdout
    assert all(name in shown.stdout for name in shipped_drugs())
    listed = json.loads(invoke("drugs", "list", "--json").stdout)
    assert {each["name"] for each in listed["drugs"]} == set(shipped_drugs())
    assert listed["note"] == NO_ADVICE


@pytest.mark.parametrize("name", shipped_drugs())
def test_every_drug_is_shown_with_what_follows_and_its_sources(invoke, name):
    """And with the warning."""
    shown = invoke("drugs", "show", name).stdout
    assert NO_ADVICE in shown
    assert "no source" not in shown
    parsed = json.loads(invoke("drugs", "show", name, "--json").stdout)
    assert parsed["drug"]["drug"] == name
    assert ("in the file" in shown) is bool(parsed["numbers"])
    assert parsed["without_source"] == []
    assert parsed["note"] == NO_ADVICE


def test_what_a_drug_does_is_shown_with_the_keys_of_its_numbers(invoke):
    """Of each effect; the keys are those that `--set` takes."""
    shown = " ".join(invoke("drugs", "show", "domperidone").stdout.split())
    assert "acts on lactotroph: rise, by its daily dose (largest is endocrine.drugs.domperidone.largest_rise;" in shown
    assert "acts on let_down: inhibition, by its level in plasma" in invoke("drugs", "show", "ethanol").stdout


def test_what_follows_is_that_of_the_mother(invoke):
    """Half-lives by her weight, partition by the pH of her milk."""

    def rows(*options):
        parsed = json.loads(invoke("drugs", "show", "amoxicillin", "--json", *options).stdout)
        return {row["name"]: row["value"] for row in parsed["follows"]}

    usual, large, sour = rows(), rows("--weight-kg", "140"), rows("--milk-ph", "6.8")
    assert large["half-life"] > usual["half-life"]
    assert sour["R"] < usual["R"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "paracetmol"), "there is no drug 'paracetmol' (nearest: paracetamol"),
        (("show", "paracetamol", "--weight-kg", "5"), "--weight-kg: 5 kg is outside 30 to 250 kg"),
        (("new", "5x"), "'5x' is no name of a drug"),
        (("new", "x", "--out", "nowhere"), "--out: there is no folder 'nowhere'"),
        (("shw",), "nearest: show"),
    ],
)
def test_mistakes(invoke, arguments, message):
    """One line and exit code 2."""
    failed = invoke("drugs", *arguments)
    assert failed.exit_code == 2
    assert message in failed.stderr


def test_a_new_file_is_a_drug_that_runs(invoke):
    """Written once; shown by its path; named in a config it is taken: one file and no code."""
    assert invoke("drugs", "new", "my-drug").exit_code == 0
    assert "exists already" in invoke("drugs", "new", "my-drug").stderr
    assert "my-drug: One line for people" in invoke("drugs", "show", "my-drug.yaml").stdout
    assert "no source: kinetics.bioavailability" in invoke("drugs", "show", "my-drug.yaml").stdout
    assert drug_of("my-drug.yaml").drug == "my-drug"
    Path("mine.yaml").write_text(
        "format: 1\nname: mine\nstart_day: 30\ndays: 0.5\nresolution: coarse\nschedule: [{kind: every, hours: 3}]\n"
        'drug_library: my-drug.yaml\ndrugs: [{drug: my-drug, dose_mg: 100, times: ["08:00"]}]\n'
    )
    done = invoke("run", "mine.yaml", "--json")
    assert done.exit_code == 0, done.stderr
    (warning,) = json.loads(done.stdout)["warnings"]
    assert warning.startswith("drug_library.my-drug: no source: kinetics.bioavailability, ")
    assert warning.endswith("; sources still has the words of the template")
    run = open_run(json.loads(done.stdout)["run_dir"])
    doses, levels = run["doses"], run["drug_levels"]
    assert doses["taken"].tolist() == [True]
    assert doses["taken"].dtype == bool
    assert set(levels["where"]) == {"plasma", "milk left", "milk right"}
    assert set(run["removal_contents"]["analyte"]) == {"my-drug"}
    # The resolved config repeats the run where the file is not.
    folder = Path(json.loads(done.stdout)["run_dir"])
    Path("my-drug.yaml").unlink()
    again = load_scenario(folder / "config.yaml")
    assert again.config.drug_library["my-drug"].kinetics.volume_l == 50.0


def test_a_new_file_by_the_name_of_a_shipped_drug_is_warned_of(invoke):
    """It is written; who names it in a config takes it in place of that."""
    done = invoke("drugs", "new", "paracetamol")
    assert done.exit_code == 0
    assert "warning: paracetamol.yaml: paracetamol comes with lactflow too" in done.stderr
    assert "warning" not in invoke("drugs", "new", "my-drug").stderr


def test_a_run_without_drugs_has_no_table_about_them(invoke):
    """Exactly the tables of before."""
    Path("plain.yaml").write_text("format: 1\ndays: 0.25\nresolution: coarse\nschedule: [{kind: every, hours: 3}]\n")
    run = open_run(json.loads(invoke("run", "plain.yaml", "--json").stdout)["run_dir"])
    assert not {"doses", "drug_levels", "removal_contents", "levels"} & set(run.tables)
    assert isinstance(run["doses"], pd.DataFrame)


def test_a_summary_has_relative_doses_where_a_drug_is_taken(invoke, tmp_path):
    """For people and for programs; not of a run without drugs."""
    found = json.loads(invoke("run", "alcohol", "--out", str(tmp_path), "--json").stdout)["summary"]
    text = invoke("run", "alcohol", "--out", str(tmp_path)).stdout
    assert re.search(rf"relative infant dose as swallowed +{re.escape(number(found['rid_percent']))} +%", text)
    without = invoke("run", "alcohol", "--set", "drugs=[]", "--out", str(tmp_path)).stdout
    assert "relative infant dose" not in without


def test_a_file_that_is_not_there_has_the_nearest(tmp_path, monkeypatch):
    """Among the files beside it, and those that are shipped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drugs").mkdir()
    (tmp_path / "drugs" / "venlafaxine.yaml").write_text("")
    for source, message in (
        ("drugs/venlafaxin.yaml", "drugs/venlafaxin.yaml: there is no such file (nearest: drugs/venlafaxine.yaml)"),
        ("cafeine.yaml", "cafeine.yaml: there is no such file (nearest: the shipped caffeine)"),
        ("gone/x", "gone/x: there is no such file (`lactflow drugs list` names those that are shipped)"),
    ):
        with pytest.raises(ConfigError) as error:
            drug_of(source)
        assert str(error.value).replace("\\", "/") == message
