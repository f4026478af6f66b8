package io.github.lsgspark.jobs.gpucheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the driver says of itself and of the cards of this machine.
 *
 * @param driver its version; empty where there is none
 * @param all every card, whether this process sees it or not; none where nvidia-smi is missing
 */
record Cards(Optional<String> driver, List<Card> all) {
  private static final Path MODULE = Path.of("/proc/driver/nvidia/version");

  /** NVRM version: NVIDIA UNIX Open Kernel Module for x86_64 580.65.06 Release Build */
  private static final Pattern VERSION = Pattern.compile("\\s(\\d{3,}\\.\\d+(\\.\\d+)?)\\s");

  private static final String QUERY = "index,name,memory.total,compute_cap,mig.mode.current";
  private static final int FIELDS = 5;

  /**
   * A card.
   *
   * @param index as nvidia-smi counts
   * @param mebibytes of memory
   * @param capability such as 9.0
   * @param parted whether it is divided into MIG instances
   */
  record Card(int index, String name, long mebibytes, String capability, boolean parted) {}

  /** Those of this machine. */
  static Cards here() {
    return new Cards(
        module(),
        ShellOutput.of(
                Map.of(), "nvidia-smi", "--query-gpu=" + QUERY, "--format=csv,noheader,nounits")
            .filter(output -> output.code() == 0)
            .map(output -> parse(output.out()))
            .orElse(List.of()));
  }

  /** Whether there are signs of a card, though libtorch may see none. */
  static boolean signs() {
    try (Stream<Path> devices = Files.list(Path.of("/dev"))) {
      return Files.exists(MODULE)
          || devices.anyMatch(device -> device.toString().matches("/dev/nvidia[0-9]+"));
    } catch (IOException e) {
      return Files.exists(MODULE);
    }
  }

  private static Optional<String> module() {
    try {
      return version(Files.readString(MODULE));
    } catch (IOException e) {
      return ShellOutput.of(
              Map.of(), "nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader")
          .filter(output -> output.code() == 0)
          .flatMap(output -> version(" " + output.out().strip() + "\n"));
    }
  }

  /** The version in what the kernel's module says of itself. */
  static Optional<String> version(String text) {
    Matcher found = VERSION.matcher(text.lines().findFirst().orElse("") + "\n");
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  /** The lines of nvidia-smi; one that cannot be read is no card. */
  static List<Card> parse(String lines) {
    List<Card> cards = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      String[] fields = line.split("\\s*,\\s*", -1);
      if (fields.length == FIELDS && fields[0].strip().matches("\\d+")) {
        long memory = fields[2].matches("\\d+") ? Long.parseLong(fields[2]) : 0;
        cards.add(
            new Card(
                Integer.parseInt(fields[0].strip()),
                fields[1],
                memory,
                fields[3],
                fields[4].strip().equalsIgnoreCase("Enabled")));
      }
    }
    return cards;
  }
}
