"""Many people at once for a while: `make soak` (SESSIONS=50 MINUTES=10 PROCESSES=1).

Not part of the suite. Sessions of mixed roles open pages, choose filters, take files away and upload purchases
of their own, with a pause for reading in between, against a served copy of the sample city (or of
SOAK_LEDGER). It fails where a page or a file told of an error, or where somebody was sent the name or the
code of an institution that is not theirs.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from openpyxl import Workbook
from sqlalchemy import Engine, func, select
from sqlmodel import col

from procurement.database import open_database, reading
from procurement.money import AMOUNT_SCALE
from procurement.people import audit
from procurement.people.permissions import HOSPITAL
from procurement.tables import AuditEvent, Import, Institution, Product, Purchase
from tests.conftest import load_sample
from tests.people import Scope, account, token
from tests.serving import Address, copied, serving
from tests.visitor import Page, Visitor

READING = 5.0
"""Seconds that somebody looks at a page before the next click, on average."""

UPLOADING, EXPORTING, FILTERING = 0.015, 0.08, 0.25
"""Shares of the clicks; the others open another page. Each load makes all figures be computed anew: with
fifty sessions there are about four a minute, as on the last day of a month."""

HEADINGS = ("医疗机构编码", "采购日期", "医保药品编码", "产品名称", "采购数量", "单位", "金额(元)")
LINES = 40

ON = "继续上报"


@dataclass(frozen=True)
class Person:
    """Somebody who takes part, and what must never reach them."""

    name: str
    role: str
    foreign: tuple[str, ...]
    own: tuple[str, ...]


@dataclass
class Told:
    """What all sessions saw."""

    seconds: list[float] = field(default_factory=list)
    seconds_of_files: list[float] = field(default_factory=list)
    clicks: Counter = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)


# --- Who takes part --------------------------------------------------------------------------------


def people(engine: Engine, count: int) -> list[Person]:
    """Three fifths hospitals and pharmacies, a fifth officials of whom half see one district, the rest others."""
    with reading(engine) as connection:
        columns = (
            Institution.code,
            Institution.name,
            Institution.district,
            Institution.chain,
            Institution.kind,
        )
        known = connection.execute(select(*(col(each) for each in columns))).all()
    hospitals = [row.code for row in known if row.kind == "hospital"]
    districts = sorted({row.district for row in known if row.district})
    chains = sorted({row.chain for row in known if row.chain})
    found = []
    for number in range(count):
        role, scope = _part(number, hospitals, districts, chains)
        name = account(engine, role, scope)
        own = [row for row in known if not scope or _is_in(row, scope)]
        found.append(Person(name, role, _foreign(known, own), tuple(row.code for row in own)))
    return found


def _part(number: int, hospitals: list[str], districts: list[str], chains: list[str]) -> tuple[str, Scope]:
    turn, rest = divmod(number, 10)
    if rest < 5:
        role = ("manager", "reporter")[rest % 2]
        return role, (("institution", hospitals[(turn * 5 + rest) % len(hospitals)]),)
    if rest == 5 and chains:
        return "manager", (("chain", chains[turn % len(chains)]),)
    if rest == 6 and districts:
        return "official", (("district", districts[turn % len(districts)]),)
    return {7: "official", 8: "leadership", 9: "administrator"}.get(rest, "official"), ()


def _is_in(row, scope: Scope) -> bool:  # type: ignore[no-untyped-def]
    [(kind, value)] = scope
    return value == {"institution": row.code, "district": row.district, "chain": row.chain}[kind]


def _foreign(known, own) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    """Names and codes of the others, but for a name that is part of one's own."""
    mine = {row.code for row in own}
    allowed = "\n".join(f"{row.name} {row.chain or ''} {row.district or ''}" for row in own)
    others = [row for row in known if row.code not in mine]
    return tuple({row.code for row in others} | {row.name for row in others if row.name not in allowed})


# --- What they upload ------------------------------------------------------------------------------


def workbook(engine: Engine, institution: str, month: date) -> bytes:
    """Purchases of a month, of products that the institution has bought before, at what it paid last."""
    with reading(engine) as connection:
        query = (
            select(col(Product.code), col(Product.name), col(Purchase.quantity), col(Purchase.paid_amount))
            .join(Product, col(Product.id) == col(Purchase.product_id))
            .join(Institution, col(Institution.id) == col(Purchase.institution_id))
            .where(col(Institution.code) == institution, col(Purchase.is_pack), col(Purchase.quantity) > 0)
            .order_by(col(Purchase.id).desc())
            .limit(LINES)
        )
        rows = connection.execute(query).all()
    book = Workbook()
    sheet = book.active
    sheet.append(HEADINGS)
    for at, row in enumerate(rows):
        day = month + timedelta(days=at % 28)
        sheet.append(
            [
                institution,
                day,
                row.code,
                row.name,
                row.quantity / AMOUNT_SCALE,
                "盒",
                row.paid_amount / AMOUNT_SCALE,
            ]
        )
    content = BytesIO()
    book.save(content)
    return content.getvalue()


# --- A session -------------------------------------------------------------------------------------


class Session(threading.Thread):
    """One person with one tab, until the end."""

    def __init__(
        self, address: Address, engine: Engine, who: Person, told: Told, end: float, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self._who, self._told, self._end, self._engine = who, told, end, engine
        self._chance = random.Random(seed)
        self._visitor = Visitor(address, token(engine, who.name))
        self._months = 0

    def run(self) -> None:
        time.sleep(self._chance.uniform(0, READING))
        try:
            with self._visitor as visitor:
                self._look(lambda: visitor.open(), "open")
                while time.monotonic() < self._end:
                    time.sleep(self._chance.uniform(0.6, 1.4) * READING)
                    self._click()
        except Exception as problem:
            self._told.errors.append(f"{self._who.name}: {type(problem).__name__} {problem}")

    def _click(self) -> None:
        drawn = self._chance.random()
        if drawn < UPLOADING and self._who.role in HOSPITAL:
            self._upload()
        elif drawn < UPLOADING + EXPORTING:
            self._take()
        else:
            page = self._chance.choice(list(self._visitor.page.menu.values()))
            query = {}
            if drawn > 1 - FILTERING:
                query = {"institution": self._chance.choice([*self._who.own[:5], *self._who.foreign[:5]])}
            self._look(lambda: self._visitor.open("", page, **query), "open")

    def _look(self, click, kind: str) -> Page:  # type: ignore[no-untyped-def]
        began = time.perf_counter()
        page = click()
        self._told.seconds.append(time.perf_counter() - began)
        self._told.clicks[kind] += 1
        self._told.errors += [f"{self._who.name} {page.title}: {said}" for said in page.errors]
        self._check(page.texts, page.title)
        return page

    def _check(self, text: str, where: str) -> None:
        found = [word for word in self._who.foreign if word in text]
        # What the person asked for in the address comes back in it, and in nothing else.
        self._told.leaks += [f"{self._who.name} {where}: {word}" for word in found[:3]]

    def _take(self) -> None:
        """One of the files that the page offers."""
        links = self._visitor.page.links
        if links:
            text = self._chance.choice(list(links))
            began = time.perf_counter()
            answer = self._visitor.download(text)
            self._told.seconds_of_files.append(time.perf_counter() - began)
            self._told.clicks["export"] += 1
            if answer.status_code != 200:
                self._told.errors.append(f"{self._who.name} {text}: {answer.status_code} {answer.text[:80]}")
            self._check(inside(answer.content), text)

    def _upload(self) -> None:
        """The next month's purchases, through check and confirmation to the receipt."""
        institution = self._chance.choice(self._who.own)
        with reading(self._engine) as connection:
            last = connection.execute(select(func.max(col(Purchase.bought_on)))).scalar_one()
        month = next_month(last)
        self._months += 1
        name = f"{institution}-{self._months}.xlsx"
        content = workbook(self._engine, institution, month)
        page = self._look(lambda: self._visitor.open("report"), "open")
        if any(button.label == ON for button in page.get("button")):  # the receipt of the last one
            self._look(lambda: self._visitor.press(ON), "open")
        page = self._look(lambda: self._visitor.upload(name, content), "upload")
        while confirm := [b.label for b in page.get("button") if b.label.startswith("确认载入")]:
            page = self._look(lambda: self._visitor.press(confirm[0]), "confirm")
        # Somebody else's load between preview and confirmation: it is shown anew, and confirmed again.
        if any(button.label == ON for button in page.get("button")):
            self._told.clicks["load"] += 1
        else:
            said = [alert.body for alert in page.get("alert")]
            self._told.errors.append(f"{self._who.name} {name}: no receipt; {said}")


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def inside(content: bytes) -> str:
    """Every text of a file: of an office file, of all its parts."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


# --- The whole -------------------------------------------------------------------------------------


def resident(served: list[Address]) -> float:
    """Megabytes that the processes hold."""
    texts = [Path(f"/proc/{each.process}/status").read_text(encoding="utf-8") for each in served]
    return sum(int(re.search(r"VmRSS:\s+(\d+)", text)[1]) for text in texts) / 1000  # type: ignore[index]


def complaints(address: Address) -> list[str]:
    """Exceptions in the server's log, the last line of each."""
    address.log.seek(0)
    lines = address.log.read().decode(errors="replace").splitlines()
    return [line.strip() for line in lines if re.match(r"\W*[\w.]*(Error|Exception|Busy)\b.*:", line)]


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def soak(sessions: int, minutes: float, processes: int, ledger: Path, folder: Path) -> Told:
    url = copied(ledger, folder)
    engine, told = open_database(url), Told()
    taking_part = people(engine, sessions)
    before = count_of(engine)
    with ExitStack() as stack:
        served = [stack.enter_context(serving(url)) for _ in range(processes)]
        levels = {"start": resident(served)}
        end = time.monotonic() + minutes * 60
        # Each sign-in stays with one process, as the proxy of deploy/ has it.
        threads = [
            Session(served[seed % processes], engine, who, told, end, seed)
            for seed, who in enumerate(taking_part)
        ]
        for thread in threads:
            thread.start()
        time.sleep(minutes * 30)
        levels["middle"] = resident(served)
        for thread in threads:
            thread.join()
        levels["end"] = resident(served)
        logged = [line for address in served for line in complaints(address)]
    with reading(engine) as connection:
        verdict = audit.verify(connection)
        taken = select(func.count(col(AuditEvent.id))).where(col(AuditEvent.action) == "exported")
        exported = connection.execute(taken).scalar_one()
    told.errors += [f"log: {line}" for line in logged]
    told.errors += [f"audit: {verdict.fault}"] if verdict.fault else []
    if exported != told.clicks["export"]:
        told.errors.append(f"{told.clicks['export']} files were taken, {exported} stand in the trail")
    if count_of(engine) - before != told.clicks["load"]:
        told.errors.append(f"{told.clicks['load']} loads, {count_of(engine) - before} imports more")
    print(f"{sessions} sessions, {processes} processes, {minutes:g} minutes")
    report(told, levels, verdict.events)
    return told


def count_of(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count(col(Import.id)))).scalar_one()


def report(told: Told, levels: dict[str, float], events: int) -> None:
    print(
        ", ".join(f"{count} {kind}" for kind, count in told.clicks.items())
        + f"; {events} events in the trail"
    )
    for kind, values in (("page", told.seconds), ("file", told.seconds_of_files)):
        print(f"seconds a {kind}: p50 {percentile(values, 0.5):.2f}, p95 {percentile(values, 0.95):.2f}")
    print("memory: " + ", ".join(f"{when} {level:.0f} MB" for when, level in levels.items()))
    for kind, found in (("errors", told.errors), ("lines of another's", told.leaks)):
        print(f"{kind}: {len(found)}", *found[:20], sep="\n    ")


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--sessions", type=int, default=50)
    said.add_argument("--minutes", type=float, default=10)
    said.add_argument("--processes", type=int, default=1)
    asked = said.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ready = os.environ.get("SOAK_LEDGER")
        ledger = Path(ready) if ready else load_sample("puyang", folder / "loaded.db")
        (folder / "served").mkdir()
        told = soak(asked.sessions, asked.minutes, asked.processes, ledger, folder / "served")
    sys.exit(1 if told.errors or told.leaks else 0)


if __name__ == "__main__":
    main()
