package io.github.lsgspark.training.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.LiveFile;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metrics as JSON lines: {@code {"step": 50, "time": 1700000000.25, "loss": 3.2, ...}}, the time in
 * seconds since 1970. A value that is not a number is null.
 */
public final class MetricsLog implements MetricSink {
  /** Name of the file. */
  public static final String FILE = "metrics.jsonl";

  private static final Logger LOG = LoggerFactory.getLogger(MetricsLog.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final LiveFile file;
  private final Clock clock;

  /**
   * @param stepsBefore of the training that this one takes up, 0 for a new one; lines of later
   *     steps are removed
   */
  public MetricsLog(HadoopFiles files, String folder, long stepsBefore) {
    this(files, folder, stepsBefore, Clock.systemUTC());
  }

  MetricsLog(HadoopFiles files, String folder, long stepsBefore, Clock clock) {
    this.clock = clock;
    String path = HadoopFiles.path(folder, FILE);
    String kept = stepsBefore == 0 ? "" : kept(files, path, stepsBefore);
    this.file = LiveFile.create(files, path);
    file.write(kept.getBytes(StandardCharsets.UTF_8));
  }

  private static String kept(HadoopFiles files, String path, long stepsBefore) {
    try {
      if (!files.exists(path)) {
        return "";
      }
      StringBuilder kept = new StringBuilder();
      new String(files.read(path), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> isWithin(line, stepsBefore))
          .forEach(line -> kept.append(line).append('\n'));
      return kept.toString();
    } catch (RuntimeException e) {
      LOG.warn("{} cannot be read, and starts anew: {}", path, e.toString());
      return "";
    }
  }

  private static boolean isWithin(String line, long stepsBefore) {
    try {
      JsonNode step = MAPPER.readTree(line).path("step");
      return step.isNumber() && step.asLong() <= stepsBefore;
    } catch (JsonProcessingException e) {
      return false; // the last line of a run that was killed
    }
  }

  @Override
  public void scalars(long step, Map<String, Double> values) {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("step", step);
    line.put("time", BigDecimal.valueOf(clock.millis(), 3));
    values.forEach((name, value) -> line.put(name, Double.isFinite(value) ? value : null));
    file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    file.close();
  }
}
