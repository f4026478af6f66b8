package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.jobs.gpucheck.CheckRow.Result;
import io.github.lsgspark.storage.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all checks found.
 *
 * @param device that was checked; none where there is no card and the processor was not asked for
 * @param facts about libtorch and the machine
 */
public record GpuReport(String device, Map<String, String> facts, List<CheckRow> rows) {

  private long count(Result result) {
    return rows.stream().filter(row -> row.result() == result).count();
  }

  /** 0, or the code for an environment that lacks something. */
  public int exitCode() {
    return count(Result.FAIL) == 0 ? 0 : LsgException.ENVIRONMENT;
  }

  /** One line that ends the table. */
  public String summary() {
    return "%d passed, %d failed, %d not run (device: %s)"
        .formatted(count(Result.PASS), count(Result.FAIL), count(Result.NOT_RUN), device);
  }

  /** The whole report as one JSON object. */
  public String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("device", device);
    json.put("passed", count(Result.PASS));
    json.put("failed", count(Result.FAIL));
    json.put("not_run", count(Result.NOT_RUN));
    json.put("facts", facts);
    json.put("checks", rows.stream().map(CheckRow::json).toList());
    return Json.text(json);
  }
}
