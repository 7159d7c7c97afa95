"""Wrong and alternative answers to the exercises of lesson 07."""

HALVES = "def recurrent_halves(steps, features, units, codings, output_activation=None):\n    L, I = keras.layers, keras.Input\n"
LATE = "def previous_steps(S):\n"
FREE = "def run_freely(decoder, Z, steps, features):\n    told = np.zeros((len(Z), steps, features), 'float32')\n"
BACK = "def back_to_front(S):\n    "
LINE = "def alarm_threshold(healthy_errors, false_alarms):\n    "
COUNT = "def numbers_passed_on(encoder, S):\n    "
SHIFT = "np.concatenate([np.zeros_like(told[:, :1]), told[:, :-1]], axis=1)"


def halves(
    read="L.GRU(units)", code="L.Dense(codings)", repeat="L.RepeatVector(steps)", tell="L.GRU(units, return_sequences=True)",
    last="L.Dense(features, activation=output_activation)", start="(codings,)", back="return e, d", first="(steps, features)",
):  # fmt: skip
    """An answer to 7.1 with one thing changed."""
    return (
        HALVES
        + f"    e = keras.Sequential([x for x in [I({first}), {read}, {code}] if x is not None])\n"
        + f"    d = keras.Sequential([x for x in [I({start}), {repeat}, {tell}, {last}] if x is not None])\n"
        + f"    {back}\n"
    )


def free(previous=SHIFT, keep="told[:, step] = np.asarray(decoder([Z, previous]))[:, step]", loop="range(steps)", back="told",
         before="pass"):  # fmt: skip
    """An answer to 7.3 with one thing changed."""
    return FREE + f"    {before}\n    for step in {loop}:\n        previous = {previous}\n        {keep}\n    return {back}\n"


WRONG = [
    ("7.1", "30 codings at each step", halves(read="L.GRU(units, return_sequences=True)"), "Only the last state may leave"),
    ("7.1", "every step all the way", halves(read="L.GRU(units, return_sequences=True)", start="(steps, codings)", repeat="None"),
     "Only the last state may leave"),
    ("7.1", "states at each step, no codings", halves(read="L.GRU(units, return_sequences=True)", code="None"), "something for each step"),
    ("7.1", "codings missing", halves(code="None"), r"Dense\(codings\)"),
    ("7.1", "the state as codings", halves(read="L.GRU(units, return_sequences=True)", code="L.GRU(codings)"), "the argument `units`"),
    ("7.1", "tanh codings", halves(code="L.Dense(codings, 'tanh')"), "between −1 and 1"),
    ("7.1", "ReLU codings", halves(code="L.Dense(codings, 'relu')"), "never negative"),
    ("7.1", "decoder keeps one state", halves(tell="L.GRU(units)"), "return_sequences=True"),
    ("7.1", "no RepeatVector", halves(repeat="None", start="(steps, codings)"), "nothing but the codings"),
    ("7.1", "features missing", halves(last="None"), r"Dense\(features\)"),
    ("7.1", "activation forgotten", halves(last="L.Dense(features)"), "pass output_activation on"),
    ("7.1", "sigmoid always", halves(last="L.Dense(features, 'sigmoid')"), "None means no activation"),
    ("7.1", "sigmoid twice", halves(last="L.Dense(features, output_activation), L.Activation(output_activation)"), "not two"),
    ("7.1", "halves swapped", halves(back="return d, e"), r"\(encoder, decoder\)"),
    ("7.1", "one model", halves(back="return keras.Sequential([e, d])"), "one model"),
    ("7.1", "mean over the steps",
     halves(read="L.Dense(units, 'tanh'), L.GlobalAveragePooling1D()"), "forgets the order|without a recurrent layer"),
    ("7.1", "flattened", halves(read="L.Flatten(), L.Dense(units, 'relu')"), "same weights at every step"),
    ("7.1", "dense decoder", halves(repeat="L.Dense(units, 'relu')", tell="L.Dense(steps * features)",
                                    last="L.Reshape((steps, features))"), "same weights at every step"),
    ("7.1", "first state", halves(read="L.GRU(units, return_sequences=True), L.Cropping1D((0, steps - 1)), L.Flatten()"), "last step"),
    ("7.1", "repeated after the GRU", halves(repeat="L.Reshape((1, codings)), L.GRU(units)", tell="L.RepeatVector(steps)"),
     "after RepeatVector"),
    ("7.1", "units forgotten", halves(read="L.GRU(codings)"), "units"),
    ("7.1", "no Input", HALVES + "    return keras.Sequential([L.GRU(units), L.Dense(codings)]), keras.Sequential([L.RepeatVector(steps)])",
     "keras.Input"),
    ("7.2", "peeking", LATE + "    return S.copy()", "only copies"),
    ("7.2", "the wrong way", LATE + "    late = np.zeros_like(S)\n    late[:, :-1] = S[:, 1:]\n    return late", "wrong way"),
    ("7.2", "roll", LATE + "    return np.roll(S, 1, axis=1)", "knows the end"),
    ("7.2", "first step repeated", LATE + "    return np.concatenate([S[:, :1], S[:, :-1]], axis=1)", "before the first step"),
    ("7.2", "batch axis", LATE + "    late = np.zeros_like(S)\n    late[1:] = S[:-1]\n    return late", "axis 0"),
    ("7.2", "batch roll", LATE + "    return np.roll(S, 1, axis=0)", "whole sequences"),
    ("7.2", "features", LATE + "    late = np.zeros_like(S)\n    late[:, :, 1:] = S[:, :, :-1]\n    return late", "the features"),
    ("7.2", "cut", LATE + "    return S[:, :-1]", "5 steps out of 6"),
    ("7.2", "too long", LATE + "    return np.concatenate([np.zeros_like(S[:, :1]), S], axis=1)", "7 steps out of 6"),
    ("7.2", "in place", LATE + "    S[:, 1:] = S[:, :-1].copy()\n    S[:, 0] = 0\n    return S", "changes its argument"),
    ("7.2", "only zeros", LATE + "    return np.zeros_like(S)", "missing"),
    ("7.3", "no feedback", free(previous="np.zeros_like(told)"), "never hears itself"),
    ("7.3", "one run", FREE + "    return np.asarray(decoder([Z, told]))", "never hears itself"),
    ("7.3", "two runs", FREE + "    told = np.asarray(decoder([Z, told]))\n    return np.asarray(decoder([Z, " + SHIFT + "]))", "run twice"),
    ("7.3", "not shifted", free(previous="told.copy()"), "one step late"),
    ("7.3", "last step missing", free(loop="range(steps - 1)"), "run the loop to the end"),
    ("7.3", "ones first", free(previous="np.concatenate([np.ones_like(told[:, :1]), told[:, :-1]], axis=1)"), "zeros, not ones"),
    ("7.3", "one step only", free(back="told[:, -1]"), "one step"),
    ("7.3", "codings alone", FREE + "    return np.asarray(decoder(Z))", "a pair"),
    ("7.3", "swapped pair", free(keep="told[:, step] = np.asarray(decoder([previous, Z]))[:, step]"), "codings come first"),
    ("7.3", "short input", free(previous="told[:, :step + 1]"), "always the full length"),
    ("7.3", "one sequence at a time", FREE + "    for i in range(len(Z)):\n        for step in range(steps):\n            previous = "
     + SHIFT + "\n            told[i, step] = np.asarray(decoder([Z, previous]))[i, step]\n    return told", "one run for each step"),
    ("7.4", "batch", BACK + "return S[::-1]", "turns the batch"),
    ("7.4", "features", BACK + "return S[:, :, ::-1]", "mirrored"),
    ("7.4", "steps and features", BACK + "return S[:, ::-1, ::-1]", "right order, but mirrored"),
    ("7.4", "np.flip", BACK + "return np.flip(S)", "all axes"),
    ("7.4", "rolled", BACK + "return np.roll(S, 1, axis=1)", "keeps the order of the others"),
    ("7.4", "nothing", BACK + "return S.copy()", "nothing was turned"),
    ("7.4", "in place", BACK + "S[:] = S[:, ::-1].copy()\n    return S", "changes its argument"),
    ("7.4", "sorted", BACK + "return np.sort(S, axis=1)[:, ::-1]", "sorted"),
    ("7.5", "wrong end", LINE + "return np.quantile(healthy_errors, false_alarms)", "other end"),
    ("7.5", "largest", LINE + "return healthy_errors.max()", "one odd healthy signal"),
    ("7.5", "three sigma", LINE + "return healthy_errors.mean() + 3 * healthy_errors.std()", "skewed"),
    ("7.5", "two sigma", LINE + "return healthy_errors.mean() + 2 * healthy_errors.std()", "skewed"),
    ("7.5", "percent", LINE + "return np.percentile(healthy_errors, 100 - false_alarms)", "not a percentage"),
    ("7.5", "mean", LINE + "return healthy_errors.mean()", "mean error"),
    ("7.5", "median", LINE + "return np.median(healthy_errors)", "median"),
    ("7.5", "share of the largest", LINE + "return (1 - false_alarms) * healthy_errors.max()", "counts signals"),
    ("7.5", "the share", LINE + "return 1 - false_alarms", "not the error at it"),
    ("7.5", "two-sided", LINE + "return np.quantile(healthy_errors, 1 - false_alarms / 2)", "two-sided"),
    ("7.5", "alarms", LINE + "return healthy_errors > np.quantile(healthy_errors, 1 - false_alarms)", "values|one threshold"),
    ("7.5", "sorted in place", LINE + "healthy_errors.sort()\n    return healthy_errors[int((1 - false_alarms) * len(healthy_errors)) - 1]",
     "changes its argument"),
    ("7.6", "last axis", COUNT + "return np.shape(encoder(S))[-1]", "last axis alone|the 6 units"),
    ("7.6", "batch too", COUNT + "return np.size(encoder(S))", "batch was counted"),
    ("7.6", "steps", COUNT + "return np.shape(encoder(S))[1]", "number of steps|look at each array"),
    ("7.6", "one array", COUNT + "given = encoder(S)\n    given = given[0] if isinstance(given, list) else given\n"
     "    return int(np.prod(np.shape(given)[1:]))", "only one of the two"),
    ("7.6", "list as array", COUNT + "return int(np.prod(np.shape(encoder(S))[1:]))", "look at each array|batch was counted"),
    ("7.6", "sizes added", COUNT + "return sum(np.shape(encoder(S))[1:])", "sizes were added"),
    ("7.6", "the input", COUNT + "return int(np.prod(S.shape[1:]))", "counts the input|multiply"),
    ("7.6", "axes", COUNT + "return np.ndim(encoder(S)) - 1", "not how many there are"),
    ("7.1", "no recurrence", halves(read="L.Conv1D(units, steps, activation='tanh'), L.Flatten()"), "recurrent|parameters"),
    ("7.1", "no recurrence in the decoder", halves(tell="L.Dense(units, activation='tanh')"), "without a recurrent layer"),
    ("7.1", "dropout", halves(read="L.GRU(units, dropout=0.5)"), "in training"),
    ("7.1", "fewer units", halves(read="L.GRU(units // 2)"), "units"),
    ("7.3", "last step for this step", free(keep="told[:, step] = np.asarray(decoder([Z, previous]))[:, -1]"), "last step was kept"),
    ("7.3", "in reverse", free(back="told[:, ::-1]"), "reverse order"),
    ("7.5", "percentile of a share", LINE + "return np.percentile(healthy_errors, 1 - false_alarms)", "counts from 0 to 100"),
    ("7.5", "one deviation", LINE + "return np.mean(healthy_errors) + np.std(healthy_errors)", "mean \\+ 1 standard"),
    ("7.5", "normal quantile", LINE + "from scipy.stats import norm\n    return norm.ppf(1 - false_alarms, np.mean(healthy_errors), np.std(healthy_errors))",
     "normal distribution"),
    ("7.5", "not sorted", LINE + "return healthy_errors[int((1 - false_alarms) * len(healthy_errors))]", "sort the errors first"),
    ("7.5", "sorted, other end", LINE + "return np.sort(healthy_errors)[int(false_alarms * len(healthy_errors))]", "other end"),
    ("7.5", "fixed share", LINE + "return np.quantile(healthy_errors, 0.8)", "80.* of the healthy errors do not exceed it"),
    ("7.5", "smallest", LINE + "return np.min(healthy_errors)", "smallest"),
    ("7.4", "everything flipped", BACK + "return np.flip(S)", "all axes"),
    ("7.4", "rolled", BACK + "return np.roll(S, 1, axis=1)", "np.roll"),
    ("7.6", "the size of it all", COUNT + "return int(np.size(encoder(S)))", "batch was counted"),
    ("7.6", "last axis", COUNT + "g = encoder(S)\n    return int(np.shape(g[0] if isinstance(g, list) else g)[-1])", "last axis alone"),
    ("7.1", "stacked 2",
     "def recurrent_halves(steps, features, units, codings, output_activation=None):\n"
     "    encoder = keras.Sequential([keras.Input((steps, features)), keras.layers.GRU(units, return_sequences=True), keras.layers.GRU(units // 2), keras.layers.Dense(codings)])\n"
     "    decoder = keras.Sequential([keras.Input((codings,)), keras.layers.RepeatVector(steps), keras.layers.GRU(units, return_sequences=True), keras.layers.Dense(features, activation=output_activation)])\n"
     "    return encoder, decoder", "recurrent layer of 5 units"),
    ("7.1", "codings only at first step",
     "def recurrent_halves(steps, features, units, codings, output_activation=None):\n"
     "    encoder = keras.Sequential([keras.Input((steps, features)), keras.layers.GRU(units), keras.layers.Dense(codings)])\n"
     "    decoder = keras.Sequential([keras.Input((codings,)), keras.layers.Reshape((1, codings)), keras.layers.ZeroPadding1D((0, steps - 1)), keras.layers.GRU(units, return_sequences=True), keras.layers.Dense(features, activation=output_activation)])\n"
     "    return encoder, decoder", "1 of 6 steps"),
    ("7.1", "mask 0",
     "def recurrent_halves(steps, features, units, codings, output_activation=None):\n"
     "    encoder = keras.Sequential([keras.Input((steps, features)), keras.layers.Masking(), keras.layers.GRU(units), keras.layers.Dense(codings)])\n"
     "    decoder = keras.Sequential([keras.Input((codings,)), keras.layers.RepeatVector(steps), keras.layers.GRU(units, return_sequences=True), keras.layers.Dense(features, activation=output_activation)])\n"
     "    return encoder, decoder", "wherever a step of zeros"),
    ("7.3", "feedback of the first only",
     "def run_freely(decoder, Z, steps, features):\n    told = np.zeros((len(Z), steps, features), 'float32')\n    for t in range(steps):\n"
     "        prev = np.zeros_like(told)\n        if t:\n            prev[:, t] = told[:, t - 1]\n"
     "        told[:, t] = np.asarray(decoder([Z, prev]))[:, t]\n    return told", "only the latest step"),
    ("7.3", "starts at 1",
     "def run_freely(decoder, Z, steps, features):\n    told = np.zeros((len(Z), steps, features), 'float32')\n    for t in range(1, steps):\n"
     "        prev = np.concatenate([np.zeros_like(told[:, :1]), told[:, :-1]], axis=1)\n        told[:, t] = np.asarray(decoder([Z, prev]))[:, t]\n"
     "    return told", "never told"),
    ("7.3", "previous is written at t (off by one) then returned",
     "def run_freely(decoder, Z, steps, features):\n    prev = np.zeros((len(Z), steps, features), 'float32')\n    for t in range(steps - 1):\n"
     "        prev[:, t + 1] = np.asarray(decoder([Z, prev]))[:, t]\n    return prev", "these are the previous steps"),
    ("7.6", "non zero",
     "def numbers_passed_on(encoder, S):\n    given = encoder(S)\n    parts = given if isinstance(given, (list, tuple)) else [given]\n"
     "    return int(sum(np.count_nonzero(np.asarray(p)[0]) for p in parts))", "all 0"),
    ("7.1", "global average",
     "def recurrent_halves(steps, features, units, codings, output_activation=None):\n"
     "    encoder = keras.Sequential([keras.Input((steps, features)), keras.layers.GRU(units, return_sequences=True), keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(codings)])\n"
     "    decoder = keras.Sequential([keras.Input((codings,)), keras.layers.RepeatVector(steps), keras.layers.GRU(units, return_sequences=True), keras.layers.Dense(features, activation=output_activation)])\n"
     "    return encoder, decoder", "mean of all 6 states"),
]  # fmt: skip

ALTERNATIVES = [
    (
        "7.1",
        "functional, LSTM",
        HALVES
        + "    x = I((steps, features))\n    e = keras.Model(x, L.Dense(codings)(L.LSTM(units)(x)))\n"
        + "    z = I((codings,))\n    h = L.LSTM(units, return_sequences=True)(L.RepeatVector(steps)(z))\n"
        + "    return [e, keras.Model(z, L.TimeDistributed(L.Dense(features, output_activation))(h))]\n",
    ),
    ("7.1", "unrolled", halves(read="L.GRU(units, unroll=True)", tell="L.GRU(units, return_sequences=True, unroll=True)")),
    ("7.1", "last state by hand", halves(read="L.GRU(units, return_sequences=True), L.Lambda(lambda h: h[:, -1])")),
    ("7.1", "bidirectional encoder", halves(read="L.Bidirectional(L.GRU(units))")),
    ("7.2", "padding", LATE + "    return np.pad(S[:, :-1], ((0, 0), (1, 0), (0, 0)))"),
    ("7.2", "concatenate", LATE + "    return np.concatenate([0 * S[:, :1], S[:, :-1]], axis=1)"),
    ("7.3", "fixed point", FREE + "    for _ in range(steps):\n        told = np.asarray(decoder([Z, " + SHIFT + "]))\n    return told"),
    ("7.3", "previous filled in", FREE + "    previous = np.zeros_like(told)\n    for step in range(steps):\n"
     "        out = np.asarray(decoder([Z, previous]))\n        if step + 1 < steps:\n            previous[:, step + 1] = out[:, step]\n"
     "    return out"),
    ("7.4", "flip", BACK + "return np.flip(S, axis=1)"),
    ("7.4", "indices", BACK + "return S[:, list(range(S.shape[1]))[::-1]]"),
    ("7.5", "sorting", LINE + "n = len(healthy_errors)\n    return np.sort(healthy_errors)[n - 1 - int(false_alarms * n)]"),
    ("7.5", "percentile", LINE + "return float(np.percentile(healthy_errors, 100 * (1 - false_alarms)))"),
    ("7.6", "by size", COUNT + "given = encoder(S)\n    given = list(given) if isinstance(given, (list, tuple)) else [given]\n"
     "    return sum(np.size(part) // len(S) for part in given)"),
    ("7.6", "first sequence", COUNT + "given = encoder(S[:1])\n    if isinstance(given, (list, tuple)):\n"
     "        return sum(np.asarray(part).size for part in given)\n    return np.asarray(given).size"),
    ("7.1", "LSTM, two layers", halves(read="L.GRU(units, return_sequences=True), L.GRU(units)", tell="L.LSTM(units, return_sequences=True)")),
    ("7.1", "TimeDistributed", halves(last="L.TimeDistributed(L.Dense(features, activation=output_activation))")),
    ("7.3", ".numpy()", free(keep="told[:, step] = decoder([Z, previous]).numpy()[:, step]")),
    ("7.3", "predict", free(keep="told[:, step] = decoder.predict([Z, previous], verbose=0)[:, step]")),
    ("7.3", "called with training", free(keep="told[:, step] = decoder((Z, previous), training=False)[:, step]")),
    ("7.3", "previous kept beside", "def run_freely(decoder, Z, steps, features):\n    previous = np.zeros((len(Z), steps + 1, features), 'float32')\n"
     "    for t in range(steps):\n        previous[:, t + 1] = np.asarray(decoder([Z, previous[:, :-1]]))[:, t]\n    return previous[:, 1:]"),
    ("7.5", "from the largest", LINE + "return sorted(healthy_errors, reverse=True)[int(false_alarms * len(healthy_errors))]"),
    ("7.5", "partition", LINE + "k = len(healthy_errors) - 1 - int(false_alarms * len(healthy_errors))\n    return np.partition(healthy_errors, k)[k]"),
    ("7.5", "tensors", LINE + "return float(ops.quantile(ops.convert_to_tensor(healthy_errors), 1 - false_alarms))"),
    ("7.6", "tensors", COUNT + "parts = encoder(S)\n    parts = parts if isinstance(parts, (list, tuple)) else [parts]\n"
     "    return sum(p.numpy()[0].size for p in parts)"),
    ("7.2", "roll and wipe", LATE + "    late = np.roll(S, 1, axis=1)\n    late[:, 0] = 0\n    return late"),
    ("7.2", "filled", LATE + "    late = np.zeros_like(S)\n    late[:, 1:] = S[:, :-1]\n    return late"),
    ("7.2", "ops", LATE + "    return ops.convert_to_numpy(ops.pad(S[:, :-1], ((0, 0), (1, 0), (0, 0))))"),
    ("7.2", "step by step", LATE + "    late = np.empty_like(S)\n    for t in range(S.shape[1]):\n        late[:, t] = S[:, t - 1] if t else 0\n    return late"),
    ("7.4", "slices", BACK + "return S[:, ::-1, :].copy()"),
    ("7.4", "take", BACK + "return np.take(S, np.arange(S.shape[1])[::-1], axis=1)"),
    ("7.4", "sequence by sequence", BACK + "return np.stack([one[::-1] for one in S])"),
    ("7.4", "ops", BACK + "return ops.convert_to_numpy(ops.flip(S, axis=1))"),
    ("7.5", "a value that occurred", LINE + "return np.quantile(healthy_errors, 1 - false_alarms, method='higher')"),
    ("7.6", "shapes", COUNT + "parts = encoder(S)\n    parts = parts if isinstance(parts, (list, tuple)) else [parts]\n"
     "    return sum(int(np.prod(np.shape(p)[1:])) for p in parts)"),
    ("7.6", "flattened", COUNT + "parts = encoder(S)\n    parts = parts if isinstance(parts, (list, tuple)) else [parts]\n"
     "    return np.concatenate([np.reshape(p, (len(S), -1)) for p in parts], axis=1).shape[1]"),
    ("7.6", "a loop", COUNT + "given, n = encoder(S), 0\n    if not isinstance(given, (list, tuple)):\n        given = (given,)\n    for part in given:\n"
     "        size = 1\n        for axis in part.shape[1:]:\n            size *= int(axis)\n        n += size\n    return n"),
    ("7.1", "functional with LSTM? GRU and TimeDistributed",
     "def recurrent_halves(steps, features, units, codings, output_activation=None):\n    x = keras.Input((steps, features))\n"
     "    _, state = keras.layers.GRU(units, return_state=True)(x)\n    encoder = keras.Model(x, keras.layers.Dense(codings)(state))\n"
     "    z = keras.Input((codings,))\n    h = keras.layers.GRU(units, return_sequences=True)(keras.layers.RepeatVector(steps)(z))\n"
     "    y = keras.layers.TimeDistributed(keras.layers.Dense(features, activation=output_activation))(h)\n    return encoder, keras.Model(z, y)"),
    ("7.3", "fixed point iteration",
     "def run_freely(decoder, Z, steps, features):\n    prev = np.zeros((len(Z), steps, features), 'float32')\n    for _ in range(steps):\n"
     "        out = np.asarray(decoder([Z, prev]))\n        prev = np.concatenate([np.zeros_like(out[:, :1]), out[:, :-1]], axis=1)\n    return out"),
]  # fmt: skip

SURVIVORS = {
    ("7.1", "unroll=True -> unroll=False"): "the loop written out or not: the same result at another speed",
}
