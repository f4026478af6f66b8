package io.github.lsgspark.torch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Prefixes that wrappers put before the names of a network's tensors: {@code module.}
 * (DataParallel, averaged models), {@code _orig_mod.} (torch.compile), and the attribute under
 * which another module keeps the network; one in another, too.
 */
public final class NamePrefixes {
  /** The prefixes that are known. */
  public static final List<String> KNOWN =
      List.of("module.", "_orig_mod.", "backbone.", "model.", "encoder.");

  private static final int DEEPEST = 4;

  private NamePrefixes() {}

  /**
   * The names of a file without the prefix that they carry.
   *
   * @param prefix as it was taken off; empty: none
   */
  public record Stripped<T>(String prefix, Map<String, T> arrays) {}

  /**
   * The names of a file without each stack of prefixes that they begin with, none first. Names that
   * do not carry it stay; a stack without which two tensors had the same name is left out.
   */
  public static <T> List<Stripped<T>> candidates(Map<String, T> arrays) {
    List<Stripped<T>> candidates = new ArrayList<>();
    for (String prefix : stacks(arrays.keySet())) {
      without(prefix, arrays)
          .ifPresent(stripped -> candidates.add(new Stripped<>(prefix, stripped)));
    }
    return candidates;
  }

  /** Every stack that a name begins with, the empty one first. */
  private static Set<String> stacks(Set<String> names) {
    Set<String> stacks = new LinkedHashSet<>();
    Deque<String> next = new ArrayDeque<>(List.of(""));
    while (!next.isEmpty()) {
      String stack = next.poll();
      stacks.add(stack);
      if (stack.chars().filter(letter -> letter == '.').count() < DEEPEST) {
        KNOWN.stream()
            .map(prefix -> stack + prefix)
            .filter(longer -> names.stream().anyMatch(name -> name.startsWith(longer)))
            .forEach(next::add);
      }
    }
    return stacks;
  }

  private static <T> Optional<Map<String, T>> without(String prefix, Map<String, T> arrays) {
    Map<String, T> stripped = new LinkedHashMap<>();
    for (Map.Entry<String, T> entry : arrays.entrySet()) {
      String name = entry.getKey();
      String shorter = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      if (stripped.put(shorter, entry.getValue()) != null) {
        return Optional.empty();
      }
    }
    return Optional.of(stripped);
  }
}
