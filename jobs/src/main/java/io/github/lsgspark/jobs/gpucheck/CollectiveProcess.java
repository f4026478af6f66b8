package io.github.lsgspark.jobs.gpucheck;

import com.fasterxml.jackson.core.type.TypeReference;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.ComputeDevice;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@link CollectiveCheck} in a JVM of its own: NCCL ends a process in which something hangs, and
 * Gloo and NCCL write to standard output what they find.
 */
final class CollectiveProcess {
  private static final String CHECK = "collective";
  private static final int WAIT_SECONDS = 300;

  private CollectiveProcess() {}

  /**
   * The child.
   *
   * @param arguments a file for the rows, then the devices of the replicas: numbers, -1 for the
   *     processor
   */
  public static void main(String[] arguments) throws IOException {
    List<ComputeDevice> devices =
        Arrays.stream(arguments)
            .skip(1)
            .map(number -> new ComputeDevice(Integer.parseInt(number)))
            .toList();
    List<Map<String, Object>> found = new ArrayList<>();
    new CollectiveCheck(Trial.of(devices.get(0), false), devices)
        .run(new CheckRows(row -> write(Path.of(arguments[0]), row, found)));
    // Threads of a collective that hangs would keep it alive.
    Runtime.getRuntime().halt(0);
  }

  private static void write(Path file, CheckRow row, List<Map<String, Object>> found) {
    found.add(row.json());
    try {
      Files.writeString(file, Json.text(found));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The parent: adds what the child found. */
  static void run(List<ComputeDevice> devices, CheckRows rows) {
    try {
      Path file = Files.createTempFile("lsg-collective", ".json");
      Path log = Files.createTempFile("lsg-collective", ".log");
      try {
        int code = end(devices, file, log);
        String text = Files.readString(file);
        if (!text.isBlank()) {
          List<Map<String, Object>> found = Json.parse(text, new TypeReference<>() {});
          found.forEach(row -> rows.add(CheckRow.of(row)));
        }
        if (code != 0) {
          rows.add(
              CheckRow.failed(
                  CHECK, "its process ended with " + code + ": " + last(Files.readString(log))));
        }
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      rows.add(CheckRow.failed(CHECK, "its process cannot be started: " + e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      rows.add(CheckRow.failed(CHECK, "interrupted"));
    }
  }

  private static int end(List<ComputeDevice> devices, Path file, Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.matches("--add-opens=.*|-D.*|-XX:ErrorFile=.*"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            CollectiveProcess.class.getName(),
            file.toString()));
    command.addAll(
        devices.stream()
            .map(device -> Integer.toString(device.index()))
            .collect(Collectors.toList()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
        Files.writeString(log, "no end within " + WAIT_SECONDS + " s");
        return -1;
      }
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String last(String log) {
    return log.lines()
        .filter(line -> !line.isBlank())
        .reduce("no message", (before, line) -> line.strip());
  }
}
