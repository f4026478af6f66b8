package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.LsgException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is wrong, in the order in which it was found; each sentence once. */
public final class Findings {
  private final Map<String, Integer> codes = new LinkedHashMap<>();
  private final Set<String> broken = new HashSet<>();

  void add(int exitCode, String sentence) {
    codes.putIfAbsent(sentence, exitCode);
  }

  /**
   * Does what may fail in a foreseen way.
   *
   * @param path that is broken if it does; no later look at it is taken
   * @return whether it did not fail
   */
  public boolean look(String path, Runnable look) {
    try {
      look.run();
      return true;
    } catch (LsgException e) {
      add(e.exitCode(), e.getMessage());
    } catch (UncheckedIOException e) {
      String reason = String.valueOf(e.getMessage());
      add(
          LsgException.INPUT,
          (reason.contains(path) ? reason : path + ": " + reason).replaceAll("\\s*\n\\s*", " "));
    }
    broken.add(path);
    return false;
  }

  /** Takes no later look at a path. */
  void giveUp(String path) {
    broken.add(path);
  }

  /** Whether nothing was found out about a path that makes more looks useless. */
  boolean isSound(String path) {
    return !broken.contains(path);
  }

  /** Sentences for people. */
  public List<String> sentences() {
    return List.copyOf(codes.keySet());
  }

  /** The exit code of what was found first; 0 if nothing was. */
  public int exitCode() {
    return codes.isEmpty() ? 0 : codes.values().iterator().next();
  }

  /**
   * Refuses a run that has anything wrong.
   *
   * @throws LsgException with all sentences, a line each, and the exit code of the first
   */
  public void require() {
    if (!codes.isEmpty()) {
      throw LsgException.of(exitCode(), String.join("\nlsg: ", codes.keySet()));
    }
  }
}
