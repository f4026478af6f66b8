package io.github.lsgspark.torch;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists of tensors as messages tell them: how many, and the first few names. */
public final class CountedNames {
  private static final int SHOWN = 5;

  private CountedNames() {}

  /** Tensors with the shapes that are wanted of them, as in "conv1.weight of [64, 3, 7, 7]". */
  public static List<String> shaped(Map<String, long[]> tensors) {
    return tensors.entrySet().stream()
        .map(tensor -> tensor.getKey() + " of " + Arrays.toString(tensor.getValue()))
        .toList();
  }

  /** A part of a sentence, as in ", 2 missing (conv1.weight, bn1.bias)"; empty for no names. */
  public static String part(String what, List<String> names) {
    return names.isEmpty()
        ? ""
        : ", "
            + names.size()
            + " "
            + what
            + " ("
            + names.stream().limit(SHOWN).collect(Collectors.joining(", "))
            + (names.size() > SHOWN ? ", …)" : ")");
  }
}
