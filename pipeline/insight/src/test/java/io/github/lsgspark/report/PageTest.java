package io.github.lsgspark.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.evaluation.ClassDistances;
import io.github.lsgspark.report.explanation.RunErrors;
import io.github.lsgspark.report.page.HtmlTable;
import io.github.lsgspark.report.page.Page;
import io.github.lsgspark.report.page.ReliabilityDiagram;
import io.github.lsgspark.testing.Browser;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a page does in a browser. */
class PageTest {
  private static final int CLASSES = 24;

  @TempDir static Path folder;

  private static Browser browser;

  /** Classes on an arc: the next in number is the most similar. */
  private static List<ClassSums> texts() {
    return IntStream.range(0, CLASSES)
        .mapToObj(
            c -> {
              double[] text = {Math.cos(c * 0.1), Math.sin(c * 0.1)};
              return new ClassSums(c, name(c), 1, text, 1, text);
            })
        .toList();
  }

  private static String name(int label) {
    return "class <" + (char) ('a' + label) + ">";
  }

  private static String page() {
    LabelSet labels = LabelSet.of(IntStream.range(0, CLASSES).mapToObj(PageTest::name).toList());
    RunErrors errors = new RunErrors("head", 0.1);
    HtmlTable table = new HtmlTable("Figures", List.of("name", "accuracy, %", "change")).sortable();
    for (int c = 0; c < CLASSES; c++) {
      errors.add(c, c, 10);
      errors.add(c, (7 * c + 3) % CLASSES, 2);
      String accuracy = c == 5 ? "–" : (c * 7 % CLASSES) + ".5 ± 0.3";
      table.row(List.of(name(c), accuracy, c % 2 == 0 ? "+" + c + ".0" : "-" + c + ".0"));
    }
    Page page = new Page("A <page>", true);
    page.section("Figures").append(table.html());
    page.section("Confusions");
    page.append(ConfusionMatrix.svg(errors, labels, ClassDistances.of(labels, texts())));
    page.append(ClassTable.html(errors, labels));
    page.append(
        new ReliabilityDiagram()
            .add("head", "#4477aa", List.of(new ReliabilityDiagram.Point(0.5, 0.4, 10)))
            .svg());
    page.section("The label graph").append("<div class=\"explore\">");
    page.append(GraphPicture.of(texts(), Optional.empty(), MissingNode.getInstance(), 100));
    return page.append("</div>\n").configuration("seed = 1 # </script>").end();
  }

  @BeforeAll
  static void open() throws Exception {
    assumeTrue(Browser.isExpected(), "no Chromium on this machine");
    Path file = Files.writeString(folder.resolve("index.html"), page());
    browser = new Browser(folder.resolve("profile"), file.toUri().toString());
  }

  @AfterAll
  static void close() throws Exception {
    if (browser != null) {
      browser.close();
    }
  }

  private static List<String> column(int number) throws Exception {
    List<String> column = new ArrayList<>();
    JsonNode cells =
        browser.evaluate(
            "[...document.querySelectorAll('table')[0].tBodies[0].rows]"
                + ".filter(row => !row.hidden).map(row => row.cells[%d].textContent)"
                    .formatted(number));
    cells.forEach(cell -> column.add(cell.asText()));
    return column;
  }

  private static void click(int heading) throws Exception {
    browser.evaluate(
        "document.querySelectorAll('table')[0].querySelectorAll('th button')[%d].click()"
            .formatted(heading));
  }

  @Test
  void tablesAreSortedByNumbersAndWhatIsMissingComesLast() throws Exception {
    for (boolean up : new boolean[] {true, false}) {
      click(1);
      List<String> accuracy = column(1);
      assertThat(accuracy).hasSize(CLASSES);
      assertThat(accuracy.get(CLASSES - 1)).isEqualTo("–");
      List<Double> numbers =
          accuracy.subList(0, CLASSES - 1).stream()
              .map(text -> Double.valueOf(text.split(" ")[0]))
              .toList();
      assertThat(numbers)
          .isSortedAccordingTo((a, b) -> up ? Double.compare(a, b) : Double.compare(b, a));
      assertThat(browser.evaluate("document.querySelector('[aria-sort]').ariaSort").asText())
          .isEqualTo(up ? "ascending" : "descending");
    }
    click(2);
    assertThat(column(2)).startsWith("-23.0", "-21.0").endsWith("+20.0", "+22.0");
    click(0);
    assertThat(column(0)).isSorted();
  }

  @Test
  void longTablesAreSearched() throws Exception {
    String input = "document.querySelector('.tools input')";
    browser.evaluate(input + ".value = 'S <C'; " + input + ".dispatchEvent(new Event('input'))");
    assertThat(column(0)).containsExactly("class <c>");
    assertThat(browser.evaluate("document.querySelector('.tools output').textContent").asText())
        .isEqualTo("1 of 24");
    browser.evaluate(input + ".value = ''; " + input + ".dispatchEvent(new Event('input'))");
    assertThat(column(0)).hasSize(CLASSES);
  }

  private static double[] view() throws Exception {
    double[] view = new double[4];
    JsonNode box =
        browser.evaluate(
            "document.querySelector('.explore svg').getAttribute('viewBox').split(' ')");
    for (int i = 0; i < view.length; i++) {
      view[i] = box.get(i).asDouble();
    }
    return view;
  }

  private static void press(int button) throws Exception {
    browser.evaluate("document.querySelectorAll('.explore button')[%d].click()".formatted(button));
  }

  @Test
  void theGraphIsEnlargedAndAClassInItFound() throws Exception {
    double[] whole = view();
    press(0);
    double[] larger = view();
    assertThat(larger[2]).isCloseTo(whole[2] / 1.5, within(1e-6));
    assertThat(larger[0] + larger[2] / 2).as("about its middle").isCloseTo(500, within(1e-6));
    press(1);
    assertThat(view()).containsExactly(whole, within(1e-6));
    String input = "document.querySelector('.explore input')";
    browser.evaluate(
        input + ".value = 'class <e>'; " + input + ".dispatchEvent(new Event('input'))");
    String said = browser.evaluate("document.querySelector('.said').textContent").asText();
    assertThat(said).startsWith("class <e>; similar names: ").contains("class <d> 0.99");
    assertThat(browser.evaluate("document.querySelectorAll('.node.lit').length").asInt())
        .as("itself, and those that it is joined with")
        .isEqualTo(1 + said.split(", ").length);
    double[] found = view();
    JsonNode place =
        browser.evaluate(
            "[...document.querySelectorAll('.node')].filter(n => n.textContent.includes('<e>'))"
                + ".map(n => [n.dataset.x, n.dataset.y].map(Number))[0]");
    assertThat(place.get(0).asDouble()).isBetween(found[0], found[0] + found[2]);
    assertThat(place.get(1).asDouble()).isBetween(found[1], found[1] + found[3]);
    browser.evaluate(input + ".value = 'none'; " + input + ".dispatchEvent(new Event('change'))");
    assertThat(browser.evaluate("document.querySelector('.said').textContent").asText())
        .isEqualTo("no class none in the picture");
    press(2);
    assertThat(view()).containsExactly(whole, within(1e-6));
  }

  @Test
  void thePageAsksNobodyComplainsOfNothingAndKeepsNobodyOut() throws Exception {
    assertThat(browser.barriers()).isEmpty();
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.requests()).hasSize(1);
    assertThat(browser.evaluate("document.querySelector('pre').textContent").asText())
        .isEqualTo("seed = 1 # </script>");
  }

  @Test
  void classesOnALineAreOrderedAlongIt() {
    Random random = new Random(7);
    for (int run = 0; run < 50; run++) {
      double[] at = random.doubles(1 + random.nextInt(20)).toArray();
      double[][] similarity = new double[at.length][at.length];
      for (int i = 0; i < at.length; i++) {
        for (int j = 0; j < at.length; j++) {
          similarity[i][j] = -Math.abs(at[i] - at[j]);
        }
      }
      List<Double> order = SemanticOrder.of(similarity).stream().map(c -> at[c]).toList();
      boolean up = order.get(0) <= order.get(at.length - 1);
      assertThat(order)
          .hasSize(at.length)
          .isSortedAccordingTo((a, b) -> up ? Double.compare(a, b) : Double.compare(b, a));
    }
    assertThat(SemanticOrder.of(new double[0][0])).isEmpty();
  }
}
