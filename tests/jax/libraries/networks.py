# SPDX-License-Identifier: Apache-2.0
"""Neural networks: training steps, gradients, decoding."""
import functools

import jax
import jax.numpy as jnp
import numpy as np

from catalog import program, warm


def normal(seed, *shape):
    return np.random.RandomState(seed).randn(*shape).astype("f4")


def uniform(seed, *shape):
    return np.random.RandomState(seed).rand(*shape).astype("f4")


@program("flax", "optax", quick=True)
def flax_nnx_cnn():
    """Convolutions, batch norm and dropout in nnx, trained by AdamW."""
    import optax
    from flax import nnx

    class Cnn(nnx.Module):
        def __init__(self, rngs):
            self.conv1, self.conv2 = nnx.Conv(1, 8, (3, 3), rngs=rngs), nnx.Conv(8, 16, (3, 3), rngs=rngs)
            self.norm, self.dropout = nnx.BatchNorm(8, rngs=rngs), nnx.Dropout(0.1, rngs=rngs)
            self.dense1, self.dense2 = nnx.Linear(16 * 7 * 7, 32, rngs=rngs), nnx.Linear(32, 10, rngs=rngs)

        def __call__(self, x):
            x = nnx.avg_pool(nnx.relu(self.norm(self.conv1(x))), (2, 2), (2, 2))
            x = nnx.avg_pool(nnx.relu(self.conv2(x)), (2, 2), (2, 2))
            return self.dense2(self.dropout(nnx.relu(self.dense1(x.reshape(x.shape[0], -1)))))

    model = Cnn(nnx.Rngs(0))
    optimizer = nnx.Optimizer(model, optax.adamw(1e-3), wrt=nnx.Param)

    @nnx.jit
    def step(model, optimizer, x, y):
        def loss(model):
            return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()

        value, gradient = nnx.value_and_grad(loss)(model)
        optimizer.update(model, gradient)
        return value

    labels = np.random.RandomState(0).randint(0, 10, (5, 16))
    images = uniform(1, 5, 16, 28, 28, 1)
    losses = [step(model, optimizer, x, y) for x, y in zip(images, labels)]
    warm("step", lambda: step(model, optimizer, images[0], labels[0]))
    return losses


@program("flax", "optax", quick=True)
def flax_linen_transformer():
    """A causal transformer of two blocks: clipped gradients, a schedule of learning rates."""
    import flax.linen as nn
    import optax

    class Block(nn.Module):
        @nn.compact
        def __call__(self, x):
            h = nn.LayerNorm()(x)
            x = x + nn.MultiHeadDotProductAttention(num_heads=4)(h, h, mask=nn.make_causal_mask(jnp.ones(x.shape[:2])))
            return x + nn.Dense(64)(nn.gelu(nn.Dense(256)(nn.LayerNorm()(x))))

    class Model(nn.Module):
        @nn.compact
        def __call__(self, tokens):
            x = nn.Embed(100, 64)(tokens)
            for _ in range(2):
                x = Block()(x)
            return nn.Dense(100)(nn.RMSNorm()(x))

    model = Model()
    tokens = jnp.asarray(np.random.RandomState(0).randint(0, 100, (4, 32)))
    parameters = model.init(jax.random.key(0), tokens)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0),
                            optax.adam(optax.warmup_cosine_decay_schedule(0, 1e-3, 2, 10)))
    state = optimizer.init(parameters)

    @jax.jit
    def step(parameters, state):
        def loss(parameters):
            logits = model.apply(parameters, tokens)[:, :-1]
            return optax.softmax_cross_entropy_with_integer_labels(logits, tokens[:, 1:]).mean()

        value, gradient = jax.value_and_grad(loss)(parameters)
        updates, state = optimizer.update(gradient, state, parameters)
        return optax.apply_updates(parameters, updates), state, value

    losses = []
    for _ in range(6):
        parameters, state, value = step(parameters, state)
        losses.append(value)
    warm("step", lambda: step(parameters, state))
    return losses


def linen_layers(nn):
    """Layers with what they apply to: images or sequences."""
    random = np.random.RandomState(0)
    image, sequence = (jnp.asarray(random.rand(*shape), jnp.float32) for shape in ((2, 16, 16, 3), (2, 12, 8)))
    return [
        (nn.ConvTranspose(4, (3, 3), strides=(2, 2)), image),
        (nn.Conv(6, (3, 3), kernel_dilation=2, feature_group_count=3), image),
        (nn.GroupNorm(3), image),
        (nn.InstanceNorm(), image),
        (nn.WeightNorm(nn.Dense(4)), image),
        (nn.RNN(nn.OptimizedLSTMCell(5)), sequence),
        (nn.RNN(nn.GRUCell(5), reverse=True), sequence),
        (nn.Bidirectional(nn.RNN(nn.SimpleCell(3)), nn.RNN(nn.SimpleCell(3))), sequence),
        (nn.RNN(nn.ConvLSTMCell(3, (3, 3))), jnp.stack([image, image * 2], 1)),
        (nn.SelfAttention(4), sequence),
        (nn.ConvLocal(2, (3,), padding="VALID"), sequence),
        (nn.DenseGeneral((2, 3), axis=(-2, -1)), sequence),
        (nn.Einsum((8, 3), "bij,jk->bik"), sequence),
    ]


@program("equinox", "optax", quick=True)
def equinox_gru():
    """A GRU under vmap and scan, trained by Adam."""
    import equinox as eqx
    import optax

    class Network(eqx.Module):
        cell: eqx.nn.GRUCell
        linear: eqx.nn.Linear

        def __init__(self, key):
            key1, key2 = jax.random.split(key)
            self.cell, self.linear = eqx.nn.GRUCell(4, 16, key=key1), eqx.nn.Linear(16, 1, key=key2)

        def __call__(self, x):
            return self.linear(jax.lax.scan(lambda h, v: (self.cell(v, h), None), jnp.zeros(16), x)[0])

    x = normal(1, 8, 20, 4)
    y = x.sum((1, 2))[:, None]
    network = Network(jax.random.key(1))
    optimizer = optax.adam(1e-2)
    state = optimizer.init(eqx.filter(network, eqx.is_array))

    @eqx.filter_jit
    def step(network, state):
        value, gradient = eqx.filter_value_and_grad(lambda n: jnp.mean((jax.vmap(n)(x) - y) ** 2))(network)
        updates, state = optimizer.update(gradient, state)
        return eqx.apply_updates(network, updates), state, value

    losses = []
    for _ in range(10):
        network, state, value = step(network, state)
        losses.append(value)
    warm("step", lambda: eqx.filter(step(network, state), eqx.is_array))
    return losses


@program("keras", tolerance=1e-3, why="three epochs of training on noise, where every step magnifies the last")
def keras_fit():
    """Model.fit of a convolutional network, and recurrent layers."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    random = np.random.RandomState(0)
    images = keras.Sequential([
        layers.Input((16, 16, 3)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(),
        layers.SeparableConv2D(8, 3), layers.BatchNormalization(), layers.GlobalAveragePooling2D(),
        layers.Dense(5, activation="softmax")])
    images.compile("adam", "sparse_categorical_crossentropy")
    history = images.fit(random.rand(64, 16, 16, 3).astype("f4"), random.randint(0, 5, 64), epochs=3, batch_size=16,
                         verbose=0, shuffle=False)
    sequences = keras.Sequential([
        layers.Input((12, 4)), layers.LSTM(8, return_sequences=True), layers.Bidirectional(layers.GRU(4)),
        layers.Dense(1)])
    return [np.asarray(history.history["loss"]), np.asarray(sequences(random.rand(3, 12, 4).astype("f4")))]


@program("jax")
def llama_decoding():
    """Greedy decoding with a cache of keys and values, donated from step to step."""
    layers, heads, size, length = 2, 4, 16, 64
    width = heads * size
    key = jax.random.key(0)
    weights = [jax.random.normal(jax.random.fold_in(key, i), (layers, width, width)) * 0.1 for i in range(4)]
    embedding = jax.random.normal(key, (50, width)) * 0.1

    def rotate(x, position):
        angle = position / 10000 ** (jnp.arange(size // 2) / (size // 2))
        c, s = jnp.cos(angle), jnp.sin(angle)
        a, b = x[..., :size // 2], x[..., size // 2:]
        return jnp.concatenate([a * c - b * s, a * s + b * c], -1)

    @functools.partial(jax.jit, donate_argnums=0)
    def step(cache, token, position):
        def layer(x, inputs):
            query, key, value, output, keys, values = inputs
            h = x * jax.lax.rsqrt(jnp.mean(x ** 2) + 1e-6)
            keys = keys.at[position].set(rotate((h @ key).reshape(heads, size), position))
            values = values.at[position].set((h @ value).reshape(heads, size))
            scores = jnp.einsum("hd,thd->ht", rotate((h @ query).reshape(heads, size), position), keys) / 4
            weight = jax.nn.softmax(jnp.where(jnp.arange(length) <= position, scores, -1e9))
            return x + jnp.einsum("ht,thd->hd", weight, values).reshape(-1) @ output, (keys, values)

        x, cache = jax.lax.scan(layer, embedding[token], (*weights, *cache))
        logits = x @ embedding.T
        return cache, jnp.argmax(logits), logits

    cache = (jnp.zeros((layers, length, heads, size)), jnp.zeros((layers, length, heads, size)))
    token, results = jnp.int32(3), []
    for position in range(20):
        cache, token, logits = step(cache, token, jnp.int32(position))
        results.append(logits)
    return jnp.stack(results)


@program("jax", tolerance=0.02, why="bf16 throughout")
def remat_bf16():
    """Gradient of a checkpointed bf16 network."""
    key = jax.random.key(0)
    weights = [jax.random.normal(jax.random.fold_in(key, i), (64, 64), jnp.bfloat16) * 0.1 for i in range(4)]
    x = jax.random.normal(key, (8, 64), jnp.bfloat16)

    def network(weights, x):
        return functools.reduce(lambda x, w: jax.nn.silu(x @ w), weights, x)

    step = jax.jit(jax.value_and_grad(
        lambda w: jnp.mean(jax.checkpoint(network)(w, x).astype(jnp.float32) ** 2)))
    value, gradient = step(weights)
    warm("gradient", lambda: step(weights))
    return [value, jnp.stack([jnp.linalg.norm(g.astype(jnp.float32)) for g in gradient])]
