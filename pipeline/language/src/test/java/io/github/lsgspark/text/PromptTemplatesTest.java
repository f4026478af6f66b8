package io.github.lsgspark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PromptSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class PromptTemplatesTest {
  private static final LabelSet LABELS =
      LabelSet.parse(List.of("aquarium_fish", "bear"), "labels.txt");

  private static PromptTemplates parse(String... lines) {
    return PromptTemplates.parse(List.of(lines), "t.txt", new PromptSettings("", 1, 0, true));
  }

  @Test
  void theBuiltInListFollowsTheReferencesPrefixRule() {
    PromptTemplates templates =
        PromptTemplates.load(new PromptSettings("", 40, 40, true), new Configuration());
    assertThat(templates.templates()).hasSize(80).doesNotHaveDuplicates();
    assertThat(templates.templates().get(0)).isEqualTo("This is a bad photo of a {}.");
    assertThat(templates.templates().get(10)).isEqualTo("This is the embroidered {}.");
    assertThat(templates.templates().get(55)).isEqualTo("This is art of a {}.");
    assertThat(templates.templates().get(79)).isEqualTo("This is a tattoo of the {}.");
    assertThat(IntStream.range(0, 80).filter(i -> !templates.templates().get(i).startsWith("This")))
        .containsExactly(6, 59, 73, 74, 76);
    PromptTemplates plain =
        PromptTemplates.load(new PromptSettings("", 40, 40, false), new Configuration());
    assertThat(plain.templates().get(0)).isEqualTo("a bad photo of a {}.");
  }

  @Test
  void promptsKnowWhereTheLabelStands() {
    PromptTemplates templates =
        PromptTemplates.load(new PromptSettings("", 2, 3, true), new Configuration());
    List<Prompt> prompts = templates.prompts(LABELS);
    assertThat(prompts).hasSize(10);
    assertThat(prompts).allSatisfy(p -> assertThat(p.labelText()).isIn("aquarium fish", "bear"));
    assertThat(prompts.get(5))
        .isEqualTo(new Prompt(1, 0, "This is a bad photo of a bear.", 25, 29, false));
    assertThat(prompts).extracting(Prompt::split).startsWith("train", "train", "heldout");
    assertThat(templates.train()).isEqualTo(2);
    assertThat(templates.heldout()).isEqualTo(3);
  }

  @Test
  void articlesFollowTheLabel() {
    List<Prompt> prompts = parse("{article} origami {}, {article}").prompts(LABELS);
    assertThat(prompts)
        .extracting(Prompt::text)
        .containsExactly("an origami aquarium fish, an", "a origami bear, a");
    assertThat(prompts).extracting(Prompt::labelText).containsExactly("aquarium fish", "bear");
  }

  @Test
  void commentsAndEmptyLinesArePassedOver() {
    assertThat(parse("# mine", "", "photo of {}").templates()).containsExactly("photo of {}");
  }

  @Test
  void templatesMustBeWellFormedAndEnough() {
    assertThatThrownBy(() -> parse("ok {}", "a photo")).hasMessageContaining("t.txt:2");
    assertThatThrownBy(() -> parse("{} and {}")).hasMessageContaining("exactly one {}");
    assertThatThrownBy(() -> parse("{name} {}")).hasMessageContaining("only {}, {article}");
    assertThatThrownBy(() -> parse("a {}", "b {}", "a {}"))
        .hasMessageContaining("t.txt:3: the template was already given in line 1");
    assertThatThrownBy(
            () -> PromptTemplates.load(new PromptSettings("", 70, 20, true), new Configuration()))
        .hasMessageContaining("70 + 20")
        .hasMessageContaining("only 80 templates")
        .extracting(e -> ((LsgException) e).exitCode())
        .isEqualTo(LsgException.USAGE);
  }

  @Test
  void descriptionsStandWhereTheTemplateWantsThem() {
    LabelSet described = LabelSet.parse(List.of("bear\ta {}-shaped animal"), "labels.txt");
    Prompt prompt = parse("{description}, {article} {}").prompts(described).get(0);
    assertThat(prompt.text()).isEqualTo("a {}-shaped animal, a bear");
    assertThat(prompt.labelText()).isEqualTo("bear");
    assertThatThrownBy(() -> parse("a {}, {description}").prompts(LABELS))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("the label \"aquarium_fish\" has none");
  }
}
