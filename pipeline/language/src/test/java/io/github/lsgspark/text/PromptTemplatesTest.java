package io.github.lsgspark.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PromptSettings;
import io.github.lsgspark.config.SettingsLoader;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class PromptTemplatesTest {
  private static final LabelSet LABELS =
      LabelSet.parse(List.of("aquarium_fish", "bear"), "labels.txt");

  private static PromptTemplates parse(String... lines) {
    return PromptTemplates.parse(
        List.of(lines), "t.txt", new PromptSettings("", PromptSettings.Templates.AUTO, 1, 0, true));
  }

  private static PromptTemplates load(String settings) {
    return PromptTemplates.load(SettingsLoader.parse(settings), new Configuration());
  }

  @Test
  void theBuiltInListFollowsTheReferencesPrefixRule() {
    PromptTemplates templates = load("prompts { train = 40, heldout = 40, this-is-prefix = true }");
    assertThat(templates.templates()).hasSize(80).doesNotHaveDuplicates();
    assertThat(templates.templates().get(0)).isEqualTo("This is a bad photo of a {}.");
    assertThat(templates.templates().get(10)).isEqualTo("This is the embroidered {}.");
    assertThat(templates.templates().get(55)).isEqualTo("This is art of a {}.");
    assertThat(templates.templates().get(79)).isEqualTo("This is a tattoo of the {}.");
    assertThat(IntStream.range(0, 80).filter(i -> !templates.templates().get(i).startsWith("This")))
        .containsExactly(6, 59, 73, 74, 76);
    PromptTemplates plain = load("prompts { train = 40, heldout = 40, this-is-prefix = false }");
    assertThat(plain.templates().get(0)).isEqualTo("a bad photo of a {}.");
  }

  @Test
  void promptsKnowWhereTheLabelStands() {
    PromptTemplates templates = load("prompts { train = 2, heldout = 3, this-is-prefix = true }");
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
    assertThatThrownBy(() -> load("prompts { train = 70, heldout = 20, this-is-prefix = true }"))
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

  @Test
  void theSetFollowsTheModalityUnlessItIsNamed() {
    String few = "prompts { train = 20, heldout = 20 }\n";
    assertThat(load(few + "data.modality = audio").templates())
        .hasSize(40)
        .startsWith("This is the sound of {}.");
    assertThat(load(few + "data.modality = video").templates().get(0))
        .isEqualTo("This is a video of {}.");
    assertThat(load(few + "data.modality = audio, prompts.set = photos").templates())
        .isEqualTo(load(few).templates());
    assertThat(load(few + "prompts.set = drawings").templates())
        .hasSize(40)
        .startsWith("This is a drawing of a {}.");
    assertThatThrownBy(() -> load("prompts { set = sounds, train = 40, heldout = 1 }"))
        .hasMessageContaining("prompts-sounds.txt holds only 40 templates");
  }

  @Test
  void describedLabelsCarryTheirDescriptionBehindEachPrompt() {
    LabelSet described = LabelSet.parse(List.of("bear\ta large animal", "fish"), "labels.txt");
    List<Prompt> prompts =
        load("prompts { train = 2, heldout = 0 }, labels.describe = file").prompts(described);
    assertThat(prompts)
        .extracting(Prompt::text)
        .containsExactly(
            "This is a bad photo of a bear, a large animal.",
            "This is a photo of many bear, a large animal.",
            "This is a bad photo of a fish.",
            "This is a photo of many fish.");
    assertThat(prompts)
        .extracting(Prompt::labelText)
        .containsExactly("bear", "bear", "fish", "fish");
  }
}
