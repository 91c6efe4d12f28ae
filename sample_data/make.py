"""Writes the sample data: two committed cities and the flawed workbooks, or a larger set for measuring.

python -m sample_data.make                     rewrites puyang/, hengshui/, flawed/, published_lists/
python -m sample_data.make --scale city        about one million purchase lines, into var/scale-city
python -m sample_data.make --scale province    about five million, into var/scale-province
"""

import argparse
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for `python sample_data/make.py`

from sample_data.area import enlarged, read_area
from sample_data.award_lists import write_award_lists
from sample_data.demand import CITY, DEMO, PROVINCE
from sample_data.demo_city import build, find_scale, write_city
from sample_data.flawed import write_flawed
from sample_data.targets import check_targets
from sample_data.troublesome import write_troublesome

HERE = Path(__file__).resolve().parent
COMMITTED = ("puyang", "hengshui")


def make_committed() -> None:
    for key in COMMITTED:
        folder = HERE / key
        shutil.rmtree(folder, ignore_errors=True)
        city = build(read_area(key), DEMO)
        figures = write_city(city, folder, find_scale(city))
        check_targets(city.area, figures)
        print(f"{key}: {figures['lines']} lines, saving {figures['saving_total']} yuan")
    make_flawed()
    write_award_lists(HERE / "published_lists")


def make_flawed() -> None:
    """They stand on the register of the first city."""
    city, folder = build(read_area(COMMITTED[0]), DEMO), HERE / "flawed"
    shutil.rmtree(folder, ignore_errors=True)
    write_flawed(city, folder)
    write_troublesome(city.institutions[0], folder / "troublesome")


def make_large(name: str, folder: Path) -> None:
    size = {"city": CITY, "province": PROVINCE}[name]
    area = enlarged(read_area("puyang"), size.copies)
    shutil.rmtree(folder, ignore_errors=True)
    figures = write_city(build(area, size, split_groups=True), folder, area.base_scale, big=True)
    print(f"{folder}: {figures['lines']} lines")


def main() -> None:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--scale", choices=("city", "province"), help="write a larger set instead")
    parser.add_argument("--out", type=Path, help="where the larger set goes; default var/scale-…")
    chosen = parser.parse_args()
    if chosen.scale:
        make_large(chosen.scale, chosen.out or HERE.parent / "var" / f"scale-{chosen.scale}")
    else:
        make_committed()


if __name__ == "__main__":
    main()
