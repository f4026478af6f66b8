package com.example.lsg;

import io.github.lsgspark.jobs.Stage;
import io.github.lsgspark.jobs.StageInput;
import io.github.lsgspark.jobs.StageInputs;
import io.github.lsgspark.jobs.StageReads;
import io.github.lsgspark.jobs.StageTarget;
import io.github.lsgspark.storage.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A stage of somebody else's: the names of nearest labels, some lines of them. */
public final class ExampleStage implements Stage {

  /**
   * Its section of a configuration.
   *
   * @param lines at most
   */
  public record Example(@io.github.lsgspark.config.Range(min = 1, max = 100) int lines) {}

  @Override
  public String name() {
    return "example-stage";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public String help() {
    return "Copies the first lines of the list of nearest labels.";
  }

  @Override
  public String work() {
    return "copy the first nearest labels";
  }

  @Override
  public List<StageInput> inputs() {
    return List.of(StageInput.of("graph"));
  }

  @Override
  public List<StageReads<?>> reads() {
    return List.of(
        StageReads.section("example-stage", Example.class).reads("example-stage.lines").build());
  }

  @Override
  public Map<String, String> writes() {
    return Map.of("first.tsv", "the first lines");
  }

  @Override
  public void run(SparkSession session, StageInputs inputs, StageTarget target) {
    int lines = inputs.loaded().section("example-stage", Example.class).lines();
    String first =
        inputs
            .text("graph", "nearest_labels.tsv")
            .lines()
            .limit(lines)
            .reduce("", (text, line) -> text + line + "\n");
    new HadoopFiles(inputs.hadoop())
        .write(
            HadoopFiles.path(target.folder(), "first.tsv"), first.getBytes(StandardCharsets.UTF_8));
  }
}
