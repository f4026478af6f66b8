package io.github.lsgspark.jobs.gpucheck;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether Spark's resource discovery script prints the places of the cards that libtorch counts, 0,
 * 1, and so on: Spark gives tasks these, and a task computes on the card of that number.
 */
final class DiscoveryCheck {
  private static final String CHECK = "discovery script";

  private DiscoveryCheck() {}

  /**
   * @param script empty where nobody knows of one
   * @param counted cards that libtorch sees; empty if it cannot count
   */
  static CheckRow row(Optional<Path> script, OptionalInt counted) {
    if (script.isEmpty() || !Files.isRegularFile(script.get())) {
      return CheckRow.notRun(
          CHECK,
          "submit/gpu-discovery.sh is not beside this program: name yours by"
              + " spark.executor.resource.gpu.discoveryScript");
    }
    String file = script.get().toString();
    Optional<ShellOutput> output =
        ShellOutput.of(
            Map.of(),
            Files.isExecutable(script.get()) ? new String[] {file} : new String[] {"bash", file});
    return output
        .map(ended -> judge(ended, counted))
        .orElseGet(() -> CheckRow.failed(CHECK, file + " cannot be run, or does not end"));
  }

  /** What a script's end means. */
  static CheckRow judge(ShellOutput ended, OptionalInt counted) {
    String said = ended.error().lines().findFirst().orElse("");
    if (ended.code() != 0) {
      if (counted.orElse(0) == 0) {
        String rest = "it leaves with " + ended.code() + (said.isEmpty() ? "" : " (" + said + ")");
        return counted.isPresent()
            ? CheckRow.passed(CHECK, "neither it nor libtorch sees a card: " + rest)
            : CheckRow.notRun(CHECK, "this libtorch counts no cards; " + rest);
      }
      return CheckRow.failed(
          CHECK,
          "it leaves with %d, but libtorch sees %d cards: %s"
              .formatted(ended.code(), counted.getAsInt(), said));
    }
    List<String> addresses;
    try {
      addresses = addresses(ended.out());
    } catch (LsgException | ClassCastException e) {
      return CheckRow.failed(
          CHECK,
          "it must print {\"name\": \"gpu\", \"addresses\": [\"0\", …]}, but printed: "
              + ended.out().strip());
    }
    if (counted.isEmpty()) {
      return CheckRow.notRun(CHECK, "this libtorch counts no cards; it prints " + addresses);
    }
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < counted.getAsInt(); i++) {
      wanted.add(Integer.toString(i));
    }
    return addresses.equals(wanted)
        ? CheckRow.passed(CHECK, "it prints " + addresses + ", as libtorch counts")
        : CheckRow.failed(
            CHECK, "it prints " + addresses + ", but libtorch counts the cards " + wanted);
  }

  private static List<String> addresses(String printed) {
    Map<String, Object> json = Json.parse(printed, new TypeReference<>() {});
    if (json == null
        || !"gpu".equals(json.get("name"))
        || !(json.get("addresses") instanceof List<?> list)) {
      throw LsgException.input("another shape");
    }
    return list.stream().map(String.class::cast).toList();
  }
}
