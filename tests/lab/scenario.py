"""Reads a scenario: one planted fault, in a TOML file of its own. README.md says what the fields mean; an unknown
field is an error."""
import dataclasses, json, pathlib, tomllib

FOLDER = pathlib.Path(__file__).resolve().parent


class Mistake(Exception):
    pass


@dataclasses.dataclass
class Scenario:
    title: str                     # the fault, as one would tell it
    run: str                       # shell; `$WHY` stands before the failing curl command
    cause: str                     # what the doctor must name …
    status: int                    # what curl itself gets (0: no HTTP answer): the fault is real
    works: str                     # shell; the same without the fault, which must be accepted
    before: str = ""               # shell; what was done before, and is not the doctor's doing
    also: list = dataclasses.field(default_factory=list)  # … or one of these, if no expert could tell them apart
    answered_by: list = dataclasses.field(default_factory=list)  # boxes that the report must name
    catalogue: str = ""            # a file of catalogue/, when the doctor is to know the API
    options: list = dataclasses.field(default_factory=list)      # of `locksmith why`
    server: list = dataclasses.field(default_factory=list)       # outermost first
    wall: dict = dataclasses.field(default_factory=dict)         # walls.py, outside of all servers
    api: dict = dataclasses.field(default_factory=dict)          # lab_api.Behaviour
    key: dict = dataclasses.field(default_factory=dict)          # which key, and in what state
    files: dict = dataclasses.field(default_factory=dict)        # of the current and home folder
    variables: dict = dataclasses.field(default_factory=dict)
    name: str = ""

    @property
    def kinds(self):
        return {server["kind"] for server in self.server}

    @property
    def topology(self):  # scenarios with the same one share their servers
        return json.dumps([self.server, self.wall])

    @property
    def expected(self):
        return [self.cause, *self.also]


def read(path, causes):
    try:
        scenario = Scenario(name=path.stem, **tomllib.loads(path.read_text()))
    except (TypeError, tomllib.TOMLDecodeError) as error:
        raise Mistake(f"{path.name}: {error}") from None
    unknown = set(scenario.expected) - causes
    if unknown:
        raise Mistake(f"{path.name}: no such cause: {', '.join(sorted(unknown))}")
    if "$WHY curl" not in scenario.run:
        raise Mistake(f"{path.name}: `run` needs `$WHY curl …`")
    if scenario.catalogue and not (FOLDER / "catalogue" / f"{scenario.catalogue}.toml").is_file():
        raise Mistake(f"{path.name}: no catalogue/{scenario.catalogue}.toml")
    return scenario


def read_all(folder=FOLDER / "scenarios"):
    causes = {page.stem for page in FOLDER.parents[1].glob("catalogue/causes/*.md")}
    return [read(path, causes) for path in sorted(folder.glob("*.toml"))]
