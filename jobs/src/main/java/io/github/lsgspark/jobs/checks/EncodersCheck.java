package io.github.lsgspark.jobs.checks;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LabelSettings;
import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.EncoderCheck;
import io.github.lsgspark.embedding.EncoderChoice;
import java.util.HashSet;
import java.util.Set;

/** Whether the label encoders' models, vectors and taxonomies can be used. */
final class EncodersCheck implements Check {
  private record Known(EmbeddingSettings embedding, LabelSettings labels, PromptSettings prompts) {}

  @Override
  public void run(Plan plan, Findings findings) {
    Set<Known> done = new HashSet<>();
    for (Planned planned : plan.planned()) {
      Settings settings = planned.settings();
      Known known = new Known(settings.embedding(), settings.labels(), settings.prompts());
      boolean sound =
          Input.of(planned).stream()
              .filter(input -> input.part() == Part.EMBED)
              .allMatch(input -> findings.isSound(input.path().apply(settings)));
      boolean here = plan.fetches() || EncoderChoice.isHere(settings.embedding());
      if (planned.makes().contains(Part.EMBED) && sound && here && done.add(known)) {
        findings.look(
            "encoder of " + known,
            () -> EncoderCheck.require(settings, plan.labels(settings), plan.hadoop()));
      }
    }
  }
}
