package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.ScriptModule;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The TorchScript of one network, and what was noted while it was written. */
final class ScriptText {
  private final StringBuilder lines = new StringBuilder();
  private final Map<String, ScriptModule> modules = new LinkedHashMap<>();
  private final Map<ConstantTensor, String> constants = new LinkedHashMap<>();
  private final Set<String> linears = new LinkedHashSet<>();
  private int variables;
  private int segments;

  /** A new variable with the value of an expression; its name. */
  String let(String expression) {
    String name = "t" + ++variables;
    lines.append("  ").append(name).append(" = ").append(expression).append('\n');
    return name;
  }

  /** The whole method. */
  String forward(String argument, String result) {
    return "def forward(self, " + argument + "):\n" + lines + "  return " + result + "\n";
  }

  /** The name that numbers have which are not learned. */
  String held(ConstantTensor values) {
    return constants.computeIfAbsent(values, unused -> "constants.c" + constants.size());
  }

  /** All such numbers by name. */
  Map<String, HostArray> constants() {
    Map<String, HostArray> all = new LinkedHashMap<>();
    constants.forEach((constant, name) -> all.put(name, constant.values()));
    return all;
  }

  /** The user's modules that the code calls, by the name it knows them by. */
  Map<String, ScriptModule> modules() {
    return modules;
  }

  void noteLinear(String name) {
    linears.add(name);
  }

  void noteSegment() {
    segments++;
  }

  /** Names of the linear layers, in forward order. */
  Set<String> linears() {
    return linears;
  }

  /** How many parts can be computed again by themselves. */
  int segments() {
    return segments;
  }
}
