package io.github.lsgspark.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports as Label Studio writes them. */
class LabelStudioReaderTest {
  @TempDir Path folder;

  @BeforeEach
  void pictures() throws IOException {
    Files.createDirectories(folder.resolve("a b"));
    for (String name : new String[] {"1.png", "2.png", "a b/3.jpg", "4.png"}) {
      Files.writeString(folder.resolve(name), name);
    }
  }

  private static String task(int id, String data, String... choices) {
    StringBuilder annotations = new StringBuilder();
    for (String choice : choices) {
      boolean cancelled = choice.startsWith("-");
      annotations.append(annotations.isEmpty() ? "" : ",");
      annotations.append(
          """
          {"was_cancelled": %s, "result": [{"type": "choices", "from_name": "label",
            "value": {"choices": ["%s"]}}]}
          """
              .formatted(cancelled, cancelled ? choice.substring(1) : choice));
    }
    return "{\"id\": %d, \"data\": {%s}, \"annotations\": [%s]}".formatted(id, data, annotations);
  }

  private PublishedData read(String... tasks) throws IOException {
    Files.writeString(folder.resolve("project-1.json"), "[" + String.join(",", tasks) + "]");
    return PublishedData.read("label-studio", 1, folder.toString(), new Configuration(), null);
  }

  @Test
  void labelledCancelledAndUntouchedTasks() throws IOException {
    PublishedData data =
        read(
            task(7, "\"sample\": \"1.png\"", "cat"),
            task(8, "\"image\": \"/data/local-files/?d=a%20b/3.jpg\"", "dog", "-cat"),
            task(9, "\"sample\": \"2.png\"", "-dog"));
    assertThat(data.classes()).containsExactly("cat", "dog");
    assertThat(data.samples())
        .extracting(one -> one.id() + " " + one.label() + " " + one.split())
        .containsExactly(
            "1.png cat train", "2.png  unlabelled", "4.png  unlabelled", "a b/3.jpg dog train");
  }

  @Test
  void faultsNameFileAndTask() {
    assertThatThrownBy(() -> read(task(7, "\"sample\": \"1.png\"", "cat", "dog")))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageEndingWith(
            "project-1.json: task 7: has several choices, [cat, dog], where one class is needed");
    assertThatThrownBy(() -> read(task(7, "\"image\": \"http://host/1.png\"", "cat")))
        .hasMessageContaining("task 7: has neither data.sample nor");
    assertThatThrownBy(
            () ->
                read(
                    task(1, "\"sample\": \"1.png\"", "cat"),
                    task(2, "\"sample\": \"1.png\"", "dog")))
        .hasMessageEndingWith("task 2: 1.png is labelled \"dog\", but \"cat\" in another task");
    assertThatThrownBy(() -> read(task(7, "\"sample\": \"1.png\"")))
        .hasMessageEndingWith("no task is labelled");
    assertThatThrownBy(() -> read(task(7, "\"sample\": \"../1.png\"", "cat")))
        .hasMessageContaining("leaves the root");
  }
}
