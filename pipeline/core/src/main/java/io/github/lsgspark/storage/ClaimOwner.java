package io.github.lsgspark.storage;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The process that has a claim.
 *
 * @param system the running system and the container in which its number counts; empty: unknown
 * @param started when the process began: its number may be given again
 */
record ClaimOwner(String host, String system, long pid, String started) {

  static ClaimOwner thisProcess() {
    ProcessHandle process = ProcessHandle.current();
    return new ClaimOwner(Manifest.hostName(), thisSystem(), process.pid(), start(process));
  }

  private static String thisSystem() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException e) {
      return "";
    }
  }

  private static String start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  String text() {
    return Json.text(Map.of("host", host, "system", system, "pid", pid, "started", started));
  }

  /** Empty if the text is not whole. */
  static Optional<ClaimOwner> read(String text) {
    try {
      JsonNode facts = Json.parse(text, new TypeReference<JsonNode>() {});
      return facts.path("pid").isNumber()
          ? Optional.of(
              new ClaimOwner(
                  facts.path("host").asText(),
                  facts.path("system").asText(),
                  facts.path("pid").asLong(),
                  facts.path("started").asText()))
          : Optional.empty();
    } catch (LsgException e) {
      return Optional.empty();
    }
  }

  /** Known only of processes that this one would see. */
  boolean hasEnded() {
    return !system.isEmpty()
        && system.equals(thisSystem())
        && ProcessHandle.of(pid)
            .filter(process -> started.isEmpty() || start(process).equals(started))
            .isEmpty();
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host;
  }
}
