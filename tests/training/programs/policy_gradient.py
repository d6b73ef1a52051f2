"""Policy gradient with a baseline: a pole on a cart in numpy, actor and critic, entropy, clipped gradients."""

import argparse

import mindspore as ms
import mindspore.nn.probability.distribution as msd
import numpy as np
from mindspore import Tensor, nn, ops

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=8)
args = parser.parse_args()


class Pole:
    """Many carts at once; each falls for itself, and is then set up again."""

    def __init__(self, count, seed):
        self.random, self.state = np.random.RandomState(seed), None
        self.state = self.random.uniform(-0.05, 0.05, (count, 4))

    def step(self, action):
        x, v, angle, turning = self.state.T
        force = np.where(action == 1, 10.0, -10.0)
        pushed = (force + 0.05 * turning**2 * np.sin(angle)) / 1.1
        bent = (9.8 * np.sin(angle) - np.cos(angle) * pushed) / (0.5 * (4 / 3 - 0.1 * np.cos(angle) ** 2 / 1.1))
        moved = pushed - 0.05 * bent * np.cos(angle) / 1.1
        self.state = np.stack([x + 0.02 * v, v + 0.02 * moved, angle + 0.02 * turning, turning + 0.02 * bent], 1)
        fallen = (np.abs(self.state[:, 0]) > 2.4) | (np.abs(self.state[:, 2]) > 0.21)
        self.state[fallen] = self.random.uniform(-0.05, 0.05, (int(fallen.sum()), 4))
        return self.state.astype(np.float32), 1.0 - 2.0 * fallen, fallen


class ActorCritic(nn.Cell):
    def __init__(self, hidden=64):
        super().__init__()
        self.common = nn.Dense(4, hidden, activation="tanh")
        self.actor, self.critic = nn.Dense(hidden, 2), nn.Dense(hidden, 1)

    def construct(self, state):
        features = self.common(state)
        return ops.softmax(self.actor(features), -1), self.critic(features).squeeze(-1)


class ActorCriticLoss(nn.Cell):
    def __init__(self, net, critic_weight=0.5, entropy_weight=0.01):
        super().__init__(auto_prefix=False)
        self.net, self.critic_weight, self.entropy_weight = net, critic_weight, entropy_weight
        self.categorical = msd.Categorical(dtype=ms.int32)
        self.smooth_l1 = nn.SmoothL1Loss(reduction="mean")

    def construct(self, states, actions, returns):
        probability, value = self.net(states)
        advantage = returns - ops.stop_gradient(value)
        actor = -(self.categorical.log_prob(actions, probability) * advantage).mean()
        entropy = self.categorical.entropy(probability).mean()
        return actor + self.critic_weight * self.smooth_l1(value, returns) - self.entropy_weight * entropy


def discounted(rewards, ends, last, gamma=0.95):
    returns, total = np.zeros_like(rewards), last
    for t in range(len(rewards))[::-1]:
        total = rewards[t] + gamma * total * (1 - ends[t])
        returns[t] = total
    return (returns - returns.mean()) / (returns.std() + 1e-6)


def rollout(env, net, random, length=16):
    rows = []
    state = env.state.astype(np.float32)
    for _ in range(length):
        probability, value = net(Tensor(state))
        action = (random.uniform(size=len(state)) > probability.asnumpy()[:, 0]).astype(np.int32)
        following, reward, fallen = env.step(action)
        rows.append((state, action, reward, fallen, value.asnumpy()))
        state = following
    states, actions, rewards, ends, _ = (np.stack(column) for column in zip(*rows))
    returns = discounted(rewards, ends, net(Tensor(state))[1].asnumpy())
    batch = states.reshape(-1, 4), actions.reshape(-1), returns.reshape(-1).astype(np.float32)
    return tuple(map(Tensor, batch)), int(ends.sum())


net = ActorCritic()
loss_fn = ActorCriticLoss(net)
schedule = nn.PolynomialDecayLR(1e-2, 1e-3, decay_steps=50, power=1.0)
optimizer = nn.Adam(net.trainable_params(), learning_rate=schedule)
grad_fn = ops.value_and_grad(loss_fn, grad_position=None, weights=optimizer.parameters)
env, random = Pole(16, 0), np.random.RandomState(1)
for step in range(args.steps):
    batch, falls = rollout(env, net, random)
    loss, grads = grad_fn(*batch)
    optimizer(ops.clip_by_norm(grads, 0.5) if step % 2 else ops.clip_by_global_norm(grads, 0.5))
    print(f"step {step} loss {loss.asnumpy():.6f} falls {falls}")
