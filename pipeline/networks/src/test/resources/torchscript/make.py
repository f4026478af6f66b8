"""Makes module.pt, a TorchScript module as a user might bring one, and what PyTorch says of it."""
import json
import math
import os

import torch
from torch import nn

torch.manual_seed(3)


class Module(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3, stride=2, bias=False), nn.BatchNorm2d(6), nn.ReLU())
        self.body = nn.Conv2d(6, 6, 1)
        self.again = nn.Conv2d(6, 6, 1)
        self.again.weight = self.body.weight
        self.gain = nn.Parameter(torch.ones(1, 6, 1, 1))

    def forward(self, x):
        x = self.stem(x) * self.gain
        return torch.tanh(self.again(torch.tanh(self.body(x))))


class Scaled(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Module()
        self.register_buffer("scale", torch.tensor(2.0))

    def forward(self, x):
        return self.net(x) * self.scale


module = Scaled()
here = os.path.dirname(os.path.abspath(__file__))
torch.jit.script(module).save(os.path.join(here, "module.pt"))
n = 2 * 3 * 16 * 16
x = torch.tensor([math.sin(0.37 * i) for i in range(n)], dtype=torch.float32).view(2, 3, 16, 16)
module.eval()
facts = {"eval": module(x).mean((2, 3)).flatten().tolist()}
module.train()
features = module(x).mean((2, 3))
facts["train"] = features.flatten().tolist()
(features * features).sum().backward()
facts["gradient_norms"] = {k: p.grad.norm().item() for k, p in module.named_parameters()}
facts["running_var"] = module.net.stem[1].running_var.tolist()
with open(os.path.join(here, "module.json"), "w") as out:
    json.dump(facts, out, indent=1)
