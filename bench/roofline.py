# SPDX-License-Identifier: Apache-2.0
"""How much work a program holds, and the least time in which a machine could do it.

work(module) walks a StableHLO module and returns

    bytes   arguments and results, each once: the traffic of a program that keeps everything in
            between in registers or cache
    slots   arithmetic in lanes of the f32 multiply-add pipes: one fused multiply-add, addition,
            comparison or selection of one f32 element is one slot
    divisions   f32 divisions and square roots, which have a unit of their own beside the pipes
    dot_slots   the part of the slots that dot_general has
    loop_steps  how often bodies of loops run that have no loop in them
    loop_ops    how many operations run in bodies of loops, each time counted, without constants

bound(work, limits) is the largest of bytes over bandwidth (of the level of the memory that holds
that many bytes), slots over multiply-adds per second and divisions over divisions per second,
all as measured by limits.c on the same CPUs. A roofline share is that bound over the measured
time.

The slots of functions, in the table below, are what a good implementation of one-ULP accuracy
takes; 64-bit elements count twice. Views, broadcasts, slices, constants and an addition that
can be contracted with a product of one use count nothing, and repeated subexpressions count
once. A loop counts its body as often as it runs. The bound is thus low rather than high, and
shares are not flattered by work that a compiler could have avoided; the share of a chain of
dependent small steps says little, as no amount of throughput shortens it.
"""

# name: (slots, divisions) per element
COST = {
    "add": (1, 0), "subtract": (1, 0), "multiply": (1, 0), "maximum": (1, 0), "minimum": (1, 0),
    "compare": (1, 0), "select": (1, 0), "clamp": (2, 0), "convert": (1, 0), "floor": (1, 0),
    "ceil": (1, 0), "round_nearest_even": (1, 0), "negate": (0.5, 0), "abs": (0.5, 0),
    "square": (1, 0),
    # Vector integer logic has twice the ports.
    "and": (0.5, 0), "or": (0.5, 0), "xor": (0.5, 0), "not": (0.5, 0), "iota": (0.5, 0),
    "shift_left": (1, 0), "shift_right_logical": (1, 0), "shift_right_arithmetic": (1, 0),
    "divide": (0, 1), "remainder": (3, 1), "sqrt": (0, 1), "rsqrt": (0, 2), "cbrt": (16, 0),
    "exponential": (12, 0), "exponential_minus_one": (16, 0), "log": (16, 0),
    "log_plus_one": (20, 0), "tanh": (18, 1), "logistic": (13, 1), "sine": (20, 0),
    "cosine": (20, 0), "tan": (24, 1), "power": (40, 0), "atan2": (26, 1),
    "erf": (18, 0), "erfc": (30, 1), "erf_inv": (26, 0),
}
INTEGER_ADD = 0.5


def work(module, trips=None):
    """The work in a jaxlib.mlir module, which is simplified in place.

    trips: how often a loop without a constant bound runs; needed where there is one.
    """
    from jaxlib.mlir.passmanager import PassManager

    with module.context:
        PassManager.parse("builtin.module(canonicalize,cse)").run(module.operation)
    counter = _Counter(module, trips)
    main = counter.functions["main"]
    values = list(main.regions[0].blocks[0].arguments)
    results = main.type.results if hasattr(main.type, "results") else []
    types = [v.type for v in values] + list(results)
    slots, divisions, dot_slots = counter.block(main.regions[0].blocks[0])
    loop_steps, loop_ops = counter.loops(main.regions[0].blocks[0], 0)
    return {"bytes": sum(_bytes(t) for t in types), "slots": slots, "divisions": divisions,
            "dot_slots": dot_slots, "loop_steps": loop_steps, "loop_ops": loop_ops}


def bound(item, limits):
    """Least seconds for one item of work(), and the limit that sets it."""
    level = next((x for x in limits["levels"] if x["bytes"] >= item["bytes"]),
                 limits["levels"][-1])
    bandwidth = max(level["read_gb_s"], level["copy_gb_s"], level["triad_gb_s"])
    return max(
        (item["bytes"] * 1e-9 / bandwidth, "memory"),
        (item["slots"] * 1e-9 / limits["gfma"], "arithmetic"),
        (item["divisions"] * 1e-9 / limits["gdiv"], "division"),
    )


class _Counter:
    def __init__(self, module, trips):
        self.trips = trips
        self.functions = {op.name.value: op for op in module.body.operations}

    def block(self, block):
        """(slots, divisions, dot slots) of the operations of a block."""
        return _sum(self.operation(view.operation) for view in block.operations)

    def operation(self, op):
        name = op.name.split(".")[-1]
        if name == "call":
            callee = self.functions[op.attributes["callee"].value]
            return self.block(callee.regions[0].blocks[0])
        if name == "while":
            trips = self.trip_count(op)
            once = _sum(self.block(region.blocks[0]) for region in op.regions)
            return tuple(trips * x for x in once)
        if name in ("dot_general", "convolution"):
            slots = self.dot(op) if name == "dot_general" else self.convolution(op)
            return slots, 0.0, slots
        if name == "reduce":
            per_element = self.block(op.regions[0].blocks[0])
            elements = _elements(op.operands[0].type)
            return tuple(elements * x for x in per_element)
        if name not in COST:
            return 0.0, 0.0, 0.0
        return self.elementwise(op, name)

    def loops(self, block, runs):
        """(steps, operations) of a block in loops that run it so often; 0: in no loop."""
        steps = operations = 0
        for view in block.operations:
            op = view.operation
            name = op.name.split(".")[-1]
            if name == "call":
                inner = [self.loops(self.functions[op.attributes["callee"].value]
                                    .regions[0].blocks[0], runs)]
            elif name == "while":
                trips = max(runs, 1) * self.trip_count(op)
                inner = [self.loops(region.blocks[0], trips) for region in op.regions]
                if inner[1][0] == 0:
                    steps += trips
            elif name in ("case", "if"):
                inner = [max((self.loops(region.blocks[0], runs) for region in op.regions),
                             key=lambda pair: pair[1])]
            else:
                inner = []
                operations += 0 if name in ("constant", "return") else runs
            steps += sum(pair[0] for pair in inner)
            operations += sum(pair[1] for pair in inner)
        return steps, operations

    def elementwise(self, op, name):
        # A comparison works on the type of its operands; what it returns is one bit each.
        kind = op.operands[0].type if len(op.operands) else op.results[0].type
        if name == "select":
            kind = op.operands[1].type
        slots, divisions = COST[name]
        if name in ("add", "subtract"):
            if not _is_float(kind):
                slots = INTEGER_ADD
            elif any(_is_lone_product(x) for x in op.operands):
                slots = 0
        lanes = _elements(op.results[0].type) * (2 if _element_bytes(kind) == 8 else 1)
        return slots * lanes, divisions * lanes, 0.0

    def dot(self, op):
        numbers = str(op.attributes["dot_dimension_numbers"])
        dims = numbers.partition("lhs_contracting_dimensions = [")[2].partition("]")[0]
        shape = op.operands[0].type.shape
        depth = 1
        for d in filter(None, dims.split(",")):
            depth *= shape[int(d)]
        return float(_elements(op.results[0].type) * depth)

    def convolution(self, op):
        """Every result is the product of a window with one output feature of the kernel."""
        numbers = str(op.attributes["dimension_numbers"])
        kernel_dims = numbers.split("x[")[1].split("]")[0].split(", ")
        kernel = op.operands[1].type
        outputs = kernel.shape[kernel_dims.index("o")]
        return float(_elements(op.results[0].type) * _elements(kernel) // outputs)

    def trip_count(self, op):
        """The bound in `compare LT, counter, constant`; JAX's counters start at 0, step 1."""
        result = list(op.regions[0].blocks[0].operations)[-1].operation.operands[0]
        compare = result.owner
        if hasattr(compare, "name") and compare.name == "stablehlo.compare":
            limit = compare.operands[1].owner
            if getattr(limit, "name", "") == "stablehlo.constant":
                from jaxlib.mlir import ir
                kind = limit.results[0].type
                if not kind.shape and str(kind.element_type)[0] in "isu":
                    return int(ir.DenseIntElementsAttr(limit.attributes["value"])[0])
        if self.trips is None:
            raise ValueError("a loop without a constant bound")
        return self.trips


def _sum(triples):
    total = (0.0, 0.0, 0.0)
    for triple in triples:
        total = tuple(a + b for a, b in zip(total, triple))
    return total


def _elements(kind):
    count = 1
    for n in kind.shape:
        count *= n
    return count


def _element_bytes(kind):
    text = str(kind.element_type)
    if text.startswith("complex"):
        return 2 * int(text[9:-1]) // 8
    digits = "".join(c for c in text if c.isdigit())
    return max(int(digits) // 8, 1)


def _bytes(kind):
    return _elements(kind) * _element_bytes(kind)


def _is_float(kind):
    return str(kind.element_type)[0] in "fbc"


def _is_lone_product(value):
    owner = value.owner
    return (getattr(owner, "name", "") == "stablehlo.multiply" and len(list(value.uses)) == 1)
