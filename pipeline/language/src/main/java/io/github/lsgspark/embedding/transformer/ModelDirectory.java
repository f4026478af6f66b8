package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.MistakenFile;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.torch.Safetensors;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder as the HuggingFace Hub serves models, on any Hadoop file system: {@code config.json},
 * {@code tokenizer.json}, and weights as {@code model.safetensors} (or its shards with {@code
 * model.safetensors.index.json}) or {@code model.onnx}.
 */
final class ModelDirectory {
  static final String CONFIG = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String ONNX = "model.onnx";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String VOCABULARY = "vocab.txt";
  private static final Logger LOG = LoggerFactory.getLogger(ModelDirectory.class);
  private static final List<String> PICKLES = List.of("pytorch_model.bin", "pytorch_model.pt");

  private final String path;
  private final HadoopFiles files;
  private final TreeMap<String, FileStatus> entries = new TreeMap<>();

  private ModelDirectory(String path, HadoopFiles files) {
    this.path = path;
    this.files = files;
  }

  /**
   * Lists the folder.
   *
   * @throws LsgException exit 3 if there is no such folder or it has no tokenizer.json
   */
  static ModelDirectory open(String path, Configuration hadoop) {
    ModelDirectory directory = new ModelDirectory(path, new HadoopFiles(hadoop));
    FileSystem fileSystem = directory.files.fileSystem(path);
    try {
      if (!fileSystem.exists(new Path(path))) {
        throw LsgException.input("embedding.model: " + path + ": no such folder on " + host());
      }
      if (!fileSystem.getFileStatus(new Path(path)).isDirectory()) {
        throw LsgException.input(
            "embedding.model: " + path + ": is a file; give the folder that holds it");
      }
      for (FileStatus status : fileSystem.listStatus(new Path(path))) {
        if (status.isFile()) {
          directory.entries.put(status.getPath().getName(), status);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": " + e.getMessage(), e);
    }
    if (!directory.has(TOKENIZER) && directory.has(CONFIG)) {
      String config = directory.file(CONFIG);
      OtherHalf.refuse(Json.read(directory.files, config), config);
    }
    directory.require(TOKENIZER);
    return directory;
  }

  private static String host() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  /** The folder's path. */
  String path() {
    return path;
  }

  /** The files that the encoder reads, with length and time of change, by name. */
  List<FileStatus> files(boolean onnx) {
    List<String> names = new ArrayList<>(List.of(TOKENIZER));
    if (has(CONFIG)) {
      names.add(CONFIG);
    }
    if (!onnx && has(TOKENIZER_CONFIG) && config().fills()) {
      names.add(TOKENIZER_CONFIG);
    }
    if (onnx) {
      require(ONNX);
      names.add(ONNX);
      names.addAll(externalData());
    } else {
      names.addAll(weightFiles());
    }
    return names.stream().sorted().map(entries::get).toList();
  }

  /** A file's path within the folder. */
  String nameOf(FileStatus file) {
    String folder = new Path(path).toUri().getPath();
    return file.getPath().toUri().getPath().substring(folder.length() + 1);
  }

  /** Weights beside the graph, under the names that the graph gives them. */
  private Set<String> externalData() {
    FileStatus graph = entries.get(ONNX);
    Set<String> names = new TreeSet<>();
    try (FSDataInputStream in = files.fileSystem(path).open(graph.getPath())) {
      String where = graph.getPath().toString();
      for (String location : OnnxExternalData.locations(in, graph.getLen(), where)) {
        String name = RelativePath.inside(location, where);
        if (!has(name)) {
          entries.put(name, statusOf(name, where));
        }
        names.add(name);
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(graph.getPath() + ": " + e.getMessage(), e);
    }
  }

  private FileStatus statusOf(String name, String graph) throws IOException {
    try {
      return files.fileSystem(path).getFileStatus(new Path(path, name));
    } catch (FileNotFoundException e) {
      throw LsgException.input(
          graph + ": holds its weights in " + name + ", which is missing beside it", e);
    }
  }

  /**
   * The names of the weight files.
   *
   * @throws LsgException exit 3 that says what is there instead
   */
  List<String> weightFiles() {
    if (has(WEIGHTS)) {
      return List.of(WEIGHTS);
    }
    if (has(INDEX)) {
      return shards();
    }
    for (String pickle : PICKLES) {
      if (has(pickle)) {
        throw LsgException.input(
            path
                + ": holds "
                + pickle
                + ", a Python pickle, which runs code when it is opened, but no "
                + WEIGHTS
                + "; most models of the Hub have one, or convert this one with transformers'"
                + " save_pretrained");
      }
    }
    require(WEIGHTS);
    throw new IllegalStateException();
  }

  private List<String> shards() {
    JsonNode map = Json.read(files, HadoopFiles.path(path, INDEX)).path("weight_map");
    Set<String> shards = new LinkedHashSet<>();
    map.forEach(file -> shards.add(file.asText()));
    if (shards.isEmpty()) {
      throw LsgException.input(HadoopFiles.path(path, INDEX) + ": holds no \"weight_map\"");
    }
    for (String shard : shards) {
      if (!has(shard)) {
        throw LsgException.input(path + ": " + INDEX + " names " + shard + ", which is missing");
      }
    }
    return List.copyOf(shards);
  }

  /**
   * Holds the header of every weight file against config.json.
   *
   * @throws LsgException exit 3 that names a file that is cut off, lies or holds something else
   */
  void checkWeights(TransformerConfig config, Pooling pooling) {
    Map<String, Safetensors.Entry> all = new LinkedHashMap<>();
    List<String> names = weightFiles();
    for (String name : names) {
      String file = entries.get(name).getPath().toString();
      Safetensors.outline(files, file, file)
          .entries()
          .forEach(
              (tensor, entry) -> {
                if (all.put(tensor, entry) != null) {
                  throw LsgException.input(
                      file(name) + ": holds tensor " + tensor + ", as another of its shards does");
                }
              });
    }
    Map<String, long[]> expected = ExpectedTensors.of(config, pooling);
    TensorNames.Named<Safetensors.Entry> named =
        TensorNames.of(all, config.family(), expected.keySet());
    String source = names.size() == 1 ? file(names.get(0)) : file(INDEX);
    TensorNames.check(named, config, expected, source);
    if (!named.prefix().isEmpty()) {
      LOG.info("{}: fits without the prefix {} of its names", source, named.prefix());
    }
  }

  /**
   * Looks at the first bytes of the graph.
   *
   * @throws LsgException exit 3 if it is missing or holds something else
   */
  void requireGraph() {
    require(ONNX);
    Path file = entries.get(ONNX).getPath();
    try (FSDataInputStream in = files.fileSystem(path).open(file)) {
      byte[] start = in.readNBytes(MistakenFile.BYTES);
      MistakenFile.refuse(
          start, entries.get(ONNX).getLen(), file.toString(), "an ONNX graph is needed");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The tokens of tokenizer.json. */
  TokenIds tokenIds() {
    return TokenIds.of(Json.read(files, file(TOKENIZER)), file(TOKENIZER));
  }

  /** The token that the tokenizer fills texts up with, if its configuration names one. */
  Optional<Integer> padding() {
    if (!has(TOKENIZER_CONFIG)) {
      return Optional.empty();
    }
    JsonNode token = Json.read(files, file(TOKENIZER_CONFIG)).path("pad_token");
    String content = token.isObject() ? token.path("content").asText() : token.asText("");
    return content.isEmpty() ? Optional.empty() : tokenIds().id(content);
  }

  /** What sentence-transformers wrote into the folder. */
  SentenceFiles sentenceFiles() {
    return new SentenceFiles(path, files);
  }

  /** Says so if an older list of the tokens lies here and has other ids. */
  void warnOfVocabulary(TokenIds tokens) {
    if (has(VOCABULARY)) {
      tokens.warnOfOther(
          new String(files.read(file(VOCABULARY)), StandardCharsets.UTF_8), file(VOCABULARY));
    }
  }

  /** The path of a file of the folder. */
  String file(String name) {
    return HadoopFiles.path(path, name);
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  private void require(String name) {
    if (!has(name)) {
      throw LsgException.input(
          path
              + ": holds no "
              + name
              + (entries.isEmpty()
                  ? ", and no other file"
                  : ", but: " + String.join(", ", entries.keySet())));
    }
  }

  /** The model's configuration. */
  TransformerConfig config() {
    require(CONFIG);
    String file = HadoopFiles.path(path, CONFIG);
    return TransformerConfig.of(Json.read(files, file), file);
  }
}
