"""Agents that act in Python and learn in batches."""

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops
from mindspore.ops import functional as F
from mindspore.ops import operations as P

from programs import STEPS, fill, normal, program


class Corridor:
    """Walk right to be paid."""

    def __init__(self, length=5):
        self.length = length

    def reset(self):
        self.place = 2
        return self._observed()

    def step(self, action):
        self.place = min(max(self.place + (1 if action else -1), 0), self.length - 1)
        return self._observed(), float(action), self.place == self.length - 1

    def _observed(self):
        return np.eye(self.length, dtype=np.float32)[self.place]


def net(n_out, seed=0):
    return fill(nn.SequentialCell(nn.Dense(5, 8), nn.Tanh(), nn.Dense(8, n_out)), seed)


@program(falls=False)
def policy_gradient():
    policy, env = net(2), Corridor()
    optimizer = nn.Adam(policy.trainable_params(), 0.02)

    def loss(states, actions, returns):
        log_prob = ops.log_softmax(policy(states), axis=-1)
        chosen = ops.gather_elements(log_prob, 1, actions.expand_dims(1)).squeeze(1)
        return -(chosen * returns).mean()

    grad_fn = ms.value_and_grad(loss, None, policy.trainable_params())
    for _ in STEPS:
        states, actions, rewards = [], [], []
        state = env.reset()
        for _ in range(8):
            prob = ops.softmax(policy(Tensor(state[None])), axis=-1).asnumpy()[0]
            action = int(np.random.rand() < prob[1])
            states.append(state)
            actions.append(action)
            state, reward, _ = env.step(action)
            rewards.append(reward)
        returns = np.cumsum(rewards[::-1])[::-1].astype(np.float32)
        returns = (returns - returns.mean()) / (returns.std() + 1e-8)
        value, grads = grad_fn(Tensor(np.stack(states)), Tensor(actions, ms.int32), Tensor(returns))
        optimizer(grads)
        yield value


class DQNLoss(nn.Cell):
    def __init__(self, q_net):
        super().__init__()
        self.q_net = q_net
        self.gather = P.GatherD()
        self.loss = nn.MSELoss()

    def construct(self, states, actions, target):
        return self.loss(self.gather(self.q_net(states), 1, actions), target)


@program
def deep_q_learning():
    q_net, target_net = net(2), net(2, seed=1)
    train = nn.TrainOneStepCell(DQNLoss(q_net), nn.Adam(q_net.trainable_params(), 0.02))
    train.set_train()

    def copy_weights():
        for source, target in zip(q_net.get_parameters(), target_net.get_parameters(), strict=True):
            F.assign(target, source)

    memory = np.random.RandomState(0)
    states, following = normal(32, 5), normal(32, 5, seed=1)
    actions, rewards = memory.randint(0, 2, (32, 1)).astype(np.int32), normal(32, 1, seed=2)
    copy_weights()
    for step in STEPS:
        batch = slice(16) if step % 2 else slice(None, None, 2)
        best = target_net(Tensor(following[batch])).max(axis=1, keepdims=True)
        target = Tensor(rewards[batch]) + 0.9 * best
        yield train(Tensor(states[batch]), Tensor(actions[batch]), target)
        if step % 2 == 1:
            copy_weights()


@program(falls=False)
def actor_and_critic():
    actor, critic, target = net(2), net(1, seed=1), net(1, seed=1)
    target.update_parameters_name("target.")
    actor_optimizer = nn.Adam(actor.trainable_params(), 0.01)
    critic_optimizer = nn.Adam(critic.trainable_params(), 0.02)

    def critic_loss(states, rewards, following):
        goal = rewards + 0.9 * ops.stop_gradient(target(following))
        error = goal - critic(states)
        return ops.square(error).mean(), error

    def actor_loss(states, actions, advantage):
        log_prob = ops.log_softmax(actor(states), axis=-1)
        entropy = -(ops.exp(log_prob) * log_prob).sum(-1).mean()
        return -((log_prob * actions).sum(-1) * advantage).mean() - 0.01 * entropy

    critic_grad = ms.value_and_grad(critic_loss, None, critic.trainable_params(), has_aux=True)
    actor_grad = ms.value_and_grad(actor_loss, None, actor.trainable_params())

    online, delayed = ms.ParameterTuple(critic.get_parameters()), ms.ParameterTuple(target.get_parameters())

    @ms.jit
    def soft_update(tau):
        for a, b in zip(online, delayed):  # noqa: B905
            ops.assign(b, tau * a + (1 - tau) * b)

    states, following, rewards = Tensor(normal(16, 5)), Tensor(normal(16, 5, seed=1)), Tensor(normal(16, 1, seed=2))
    actions = Tensor(np.eye(2, dtype=np.float32)[np.random.randint(0, 2, 16)])
    for _ in STEPS:
        (value, error), grads = critic_grad(states, rewards, following)
        critic_optimizer(grads)
        loss, grads = actor_grad(states, actions, ops.stop_gradient(error).squeeze(1))
        actor_optimizer(grads)
        soft_update(Tensor(0.1))
        yield loss, value


@program
def proximal_policy():
    policy = net(2)
    optimizer = nn.Adam(policy.trainable_params(), 0.01)
    states, advantage = Tensor(normal(16, 5)), Tensor(normal(16, seed=2))
    actions = Tensor(np.random.randint(0, 2, 16).astype(np.int32))
    rows = ops.arange(16)
    before = ops.log_softmax(policy(states), axis=-1)[rows, actions]

    def loss(states, actions, before, advantage, clip=0.2):
        ratio = ops.exp(ops.log_softmax(policy(states), axis=-1)[rows, actions] - before)
        clipped = ops.clip_by_value(ratio, 1 - clip, 1 + clip)
        return -ops.minimum(ratio * advantage, clipped * advantage).mean()

    grad_fn = ms.value_and_grad(loss, None, policy.trainable_params())
    for _ in STEPS:
        value, grads = grad_fn(states, actions, before, advantage)
        optimizer(grads)
        yield value
