"""The measures of docs/house.md count what they say, on planted sources."""

from pathlib import Path

from benchmarks import house

OLD = """
class Gate(Aggregate):
    class Raised(Aggregate.Event):
        by: str
        height: int

    def raise_(self, act, by):
        self._raised(act, by, 3)

    @event(Raised)
    def _raised(self, act, by, height):
        self.height = height
"""
NEW = '''
class Gate(Aggregate):
    class Raised(Aggregate.Event):
        height: int

    def raise_(self, act):
        self.record(self.Raised(act=act, height=3))

    @evolves(Raised)
    def _raised(self, e):
        self.height = e.height

    @evolves(Locked)
    def _locked(self, e):
        """Only told."""
'''


def test_a_parameter_is_unused_where_the_body_does_not_name_it() -> None:
    assert house.unused_parameters({"gate.py": OLD}) == (2, 3)


def test_an_event_taken_whole_is_never_unused() -> None:
    assert house.unused_parameters({"gate.py": NEW}) == (0, 2)
    assert house.unused_parameters({"gate.py": NEW.replace("(self, e)", "(self, e, by)")}) == (3, 4)


def test_the_way_through_an_act_goes_from_class_to_decision_to_evolution() -> None:
    assert house.way_through_an_act({"gate.py": OLD}) == [4 + 4]
    assert house.way_through_an_act({"gate.py": NEW}) == [4 + 3]
    assert house.way_through_an_act({"gate.py": NEW.replace("self.record", "print")}) != []


def test_an_event_that_is_decided_elsewhere_has_no_way() -> None:
    assert house.way_through_an_act({"gate.py": NEW.replace("self.Raised(", "Raised(")}) == []


def test_nodes_are_counted_for_lines_that_hold_something() -> None:
    # Module, Expr, Constant; the blank line is none
    assert house.nodes_a_line({"a.py": "1\n\n"}) == 3
    assert house.nodes_a_line({"a.py": "1\n1\n"}) == 5 / 2
    assert house.functions({"a.py": "def f():\n    pass\n"}) == [(2, 3)]


def test_lines_that_escape_the_formatter_are_found() -> None:
    texts = {
        "a.py": "x" * 101 + "\n" + "y" * 100 + "  # type: ignore\n",
        "b.py": "z = 1  # fmt: " + "skip\n",
    }
    assert (house.long_lines(texts), house.unformatted(texts)) == (1, 1)


def test_a_name_is_shared_by_modules_not_by_contracts() -> None:
    texts = {
        "libs/a.py": "class A: ...\nclass B: ...",
        "libs/b.py": "def f():\n    class A: ...",
        "libs/published/b.py": "class B: ...",
    }
    assert house.shared_names(texts) == ["A"]


def test_a_public_function_that_raises_says_so_in_its_docstring() -> None:
    text = '''
def silent(): raise ValueError
def telling():
    """Raises ValueError."""
    raise ValueError
def passing_on():
    try: ...
    except ValueError: raise
def _private(): raise ValueError
class Public:
    def method(self): raise ValueError
@router.get("/")
def route(): raise ValueError
'''
    silent, total = house.raising({"a.py": text})
    assert (silent, total) == (["a.py: silent", "a.py: method"], 3)


def test_every_row_but_the_cost_of_checking_is_measured_on_any_tree(tmp_path: Path) -> None:
    for folder in house.EVERYTHING:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "gate.py").write_text(NEW)
    figures = house.measured(tmp_path)
    assert list(figures) == list(house.ROWS)[:-1]
    assert house.table(figures).count("\n") == len(figures) + 1
