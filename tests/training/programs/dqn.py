"""Double Q-learning on a corridor: replay in numpy, a target network that follows slowly, Huber loss."""

import argparse
import collections

import mindspore as ms
import mindspore.ops.operations as P
import numpy as np
from mindspore import Parameter, Tensor, nn, ops

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=12)
args = parser.parse_args()
Transition = collections.namedtuple("Transition", "state action reward next_state done")


class Corridor:
    """Walk to the right end."""

    actions, observations = 2, 4

    def __init__(self, length=6, seed=0):
        self.length, self.random = length, np.random.RandomState(seed)

    def observed(self):
        x = self.at / self.length
        return np.array([x, 1 - x, np.sin(3 * x), self.random.normal(0, 0.01)], np.float32)

    def reset(self):
        self.at = self.time = 0
        return self.observed()

    def step(self, action):
        self.time += 1
        self.at = max(0, self.at + (1 if action else -1))
        arrived = self.at >= self.length
        return self.observed(), 1.0 if arrived else -0.05, arrived or self.time >= 20


class Replay:
    def __init__(self, capacity):
        self.rows = collections.deque(maxlen=capacity)
        self.random = np.random.RandomState(1)

    def sample(self, count):
        rows = [self.rows[i] for i in self.random.choice(len(self.rows), count)]
        s, a, r, n, d = zip(*rows)
        return (
            Tensor(np.stack(s)),
            Tensor(np.array(a), ms.int32),
            Tensor(r, ms.float32),
            Tensor(np.stack(n)),
            Tensor(d, ms.float32),
        )


class Dueling(nn.Cell):
    def __init__(self, observations, hidden, actions):
        super().__init__()
        self.fc1, self.fc2 = (
            nn.Dense(observations, hidden, activation="relu"),
            nn.Dense(hidden, hidden, activation="relu"),
        )
        self.value, self.advantage = nn.Dense(hidden, 1), nn.Dense(hidden, actions)

    def construct(self, x):
        h = self.fc2(self.fc1(x))
        advantage = self.advantage(h)
        return self.value(h) + advantage - advantage.mean(axis=1, keep_dims=True)


class Loss(nn.Cell):
    def __init__(self, q, target, gamma=0.95):
        super().__init__(auto_prefix=False)
        self.q, self.target, self.gamma, self.gather = q, target, gamma, P.GatherD()
        self.huber = nn.HuberLoss(delta=0.5)

    def construct(self, state, action, reward, next_state, done):
        value = self.gather(self.q(state), 1, action.expand_dims(1)).squeeze(1)
        best = self.q(next_state).argmax(axis=1).expand_dims(1)
        future = self.gather(self.target(next_state), 1, best).squeeze(1)
        wanted = ops.stop_gradient(reward + self.gamma * (1 - done) * future)
        return self.huber(value, wanted)


class Agent:
    def __init__(self, env, tau=0.1):
        sizes = env.observations, 64, env.actions
        self.env, self.tau, self.epsilon, self.random = env, tau, 1.0, np.random.RandomState(2)
        self.q, self.target = Dueling(*sizes), Dueling(*sizes)
        ms.load_param_into_net(
            self.target, {p.name: Parameter(p.value(), name=p.name) for p in self.q.get_parameters()}
        )
        for p in self.target.get_parameters():
            p.requires_grad = False
        self.optimizer = nn.Adam(self.q.trainable_params(), 5e-3)
        self.train = nn.TrainOneStepCell(Loss(self.q, self.target), self.optimizer)
        self.train.set_train()
        self.update = [P.Assign() for _ in self.q.get_parameters()]

    def act(self, state):
        if self.random.uniform() < self.epsilon:
            return self.random.randint(self.env.actions)
        return int(self.q(Tensor(state[None])).argmax(axis=1).asnumpy()[0])

    def learn(self, batch):
        loss = self.train(*batch)
        for assign, t, p in zip(self.update, self.target.get_parameters(), self.q.get_parameters()):
            assign(t, (1 - self.tau) * t + self.tau * p)
        self.epsilon = max(0.1, self.epsilon * 0.9)
        return loss


env = Corridor()
agent, replay, returns = Agent(env), Replay(500), []
state, total = env.reset(), 0.0
for step in range(args.steps + 40):
    action = agent.act(state)
    next_state, reward, done = env.step(action)
    replay.rows.append(Transition(state, action, reward, next_state, done))
    state, total = next_state, total + reward
    if done:
        returns.append(total)
        state, total = env.reset(), 0.0
    if step >= 40:
        loss = agent.learn(replay.sample(32))
        print(f"step {step} action {action} loss {float(loss):.6f}")
print("returns", [round(r, 2) for r in returns])
agent.epsilon = 0.0
values = agent.q(Tensor(env.reset()[None])).asnumpy()
print(np.round(values, 3).tolist(), len(replay.rows))
ms.save_checkpoint(agent.q, "dqn.ckpt", append_dict={"step": args.steps})
print(sorted(ms.load_checkpoint("dqn.ckpt"))[:3], int(ms.load_checkpoint("dqn.ckpt")["step"].asnumpy()))
