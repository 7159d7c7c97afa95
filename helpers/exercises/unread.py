"""Which parameters an answer takes and never looks at: a fact about its code that many wrong values come from.

It never refuses anything. It is added to what a check says of an answer that it has refused for another reason.
"""

import dis
import functools
import inspect
import types

_SEES_ALL = {"locals", "vars", "eval", "exec", "dir"}  # code that calls one of these may read a parameter unseen
READ = "read"
NOT_READ = UNREAD, REPLACED = "unread", "replaced"


def unread_words(answer, reference) -> str:
    """A clause such as "your code never uses `k`"; empty when every parameter that the reference reads is read.

    answer, reference: functions, or classes whose methods are compared by name. An answer that reads none of its
    parameters has hardly begun, and gets no words.
    """
    return ", and ".join(words for pair in _pairs(answer, reference) if (words := _of_function(*pair)))


def _pairs(answer, reference):
    """(" in `method`" or "", function of the answer, function of the reference)."""
    if isinstance(answer, type) and isinstance(reference, type):
        for name, mine in vars(answer).items():
            theirs = inspect.getattr_static(reference, name, None)
            if isinstance(mine, types.FunctionType) and isinstance(theirs, types.FunctionType):
                yield f" in `{name}`", mine, theirs
    else:
        mine, theirs = (_plain(one) for one in (answer, reference))
        if mine is not None and theirs is not None:
            yield "", mine, theirs


def _plain(thing):
    """The Python function behind a function, a method or a partial; None for anything else."""
    while isinstance(thing, functools.partial):
        thing = thing.func
    thing = inspect.unwrap(thing) if callable(thing) else thing
    thing = getattr(thing, "__func__", thing)
    return thing if isinstance(thing, types.FunctionType) else None


def _of_function(place, mine, theirs) -> str:
    own = {name: _use(mine.__code__, name) for name in _names(mine)}
    if READ not in own.values():
        return ""
    wanted = {name for name in _names(theirs) if _use(theirs.__code__, name) == READ}
    if place:  # a method: `self` is no input, and what may be left out may also be left alone
        left_out = mine.__defaults__ or ()
        wanted -= {_names(mine)[0], *_names(mine)[len(_names(mine)) - len(left_out) :]}
    unread, replaced = ([f"`{n}`" for n, use in own.items() if use == kind and n in wanted] for kind in NOT_READ)
    words = [f"your code never uses {_listed(unread)}{place}"] if unread else []
    if replaced:
        words.append(f"your code gives {_listed(replaced)}{place} a value of its own before it looks at the one given")
    return ", and ".join(words)


def _listed(names) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _names(function) -> tuple[str, ...]:
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def _use(code, name) -> str:
    """What the code does with the value that a parameter has at the start."""
    if name in code.co_cellvars or _SEES_ALL & set(code.co_names):
        return READ
    for step in dis.get_instructions(code):
        given = step.argval if isinstance(step.argval, tuple) else (step.argval,)
        if "FAST" in step.opname and name in given:
            return REPLACED if step.opname == "STORE_FAST" else READ
        if "JUMP" in step.opname or step.opname == "FOR_ITER":  # what follows need not happen
            break
    loads = (step for step in dis.get_instructions(code) if "LOAD_FAST" in step.opname)
    read = any(name == step.argval or isinstance(step.argval, tuple) and name in step.argval for step in loads)
    return READ if read else UNREAD
