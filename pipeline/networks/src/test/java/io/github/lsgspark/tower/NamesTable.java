package io.github.lsgspark.tower;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Names and shapes of all tensors that the public code of one model keeps. */
record NamesTable(String name, JsonNode node) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern RANGE = Pattern.compile("\\{(\\d+)-(\\d+)\\}");
  private static final String TIMM = "timm_";

  /** Model types and prefixes of names, by the class of transformers that was run. */
  private static final Map<String, List<String>> CLASSES =
      Map.ofEntries(
          entry("ConvNextForImageClassification", List.of("convnext", "convnext.")),
          entry("ConvNextV2ForImageClassification", List.of("convnextv2", "convnextv2.")),
          entry("SwinForImageClassification", List.of("swin", "swin.")),
          entry("Dinov2Model", List.of("dinov2", "")),
          entry("Dinov2WithRegistersModel", List.of("dinov2_with_registers", "")),
          entry("DINOv3ConvNextModel", List.of("dinov3_convnext", "")),
          entry("DINOv3ViTModel", List.of("dinov3_vit", "")),
          entry("SiglipModel", List.of("siglip", "")),
          entry("Siglip2Model", List.of("siglip2", "")),
          entry("CLIPModel", List.of("clip", "")),
          entry(
              "ASTForAudioClassification",
              List.of("audio-spectrogram-transformer", "audio_spectrogram_transformer.")),
          entry("ClapModel", List.of("clap", "")),
          entry("WhisperForConditionalGeneration", List.of("whisper", "model.")),
          entry("Wav2Vec2ForPreTraining", List.of("wav2vec2", "wav2vec2.")),
          entry("Wav2Vec2ForCTC", List.of("wav2vec2", "wav2vec2.")),
          entry("HubertModel", List.of("hubert", "")),
          entry("WavLMModel", List.of("wavlm", "")),
          entry("Data2VecAudioModel", List.of("data2vec-audio", "")),
          entry("VideoMAEForPreTraining", List.of("videomae", "videomae.")),
          entry("VideoMAEForVideoClassification", List.of("videomae", "videomae.")),
          entry("TimesformerForVideoClassification", List.of("timesformer", "timesformer.")),
          entry("VJEPA2Model", List.of("vjepa2", "")),
          entry("VJEPA2ForVideoClassification", List.of("vjepa2", "vjepa2.")),
          entry("VivitForVideoClassification", List.of("vivit", "vivit.")),
          entry("XCLIPModel", List.of("xclip", "")));

  private static Map.Entry<String, List<String>> entry(String name, List<String> own) {
    return Map.entry(name, own);
  }

  static List<NamesTable> all() throws Exception {
    List<NamesTable> tables = in("towers");
    in("towers-av").stream().filter(table -> table.ofClass() != null).forEach(tables::add);
    return tables;
  }

  private static List<NamesTable> in(String towers) throws Exception {
    Path folder = Path.of(System.getProperty("lsg.shared.dir")).resolve(towers).resolve("names");
    List<NamesTable> tables = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        String name = file.getFileName().toString().replace(".json", "");
        tables.add(new NamesTable(name, JSON.readTree(Files.readAllBytes(file))));
      }
    }
    return tables;
  }

  private boolean isTimm() {
    return name.startsWith(TIMM);
  }

  private String run() {
    String run = node.get("run").textValue();
    return run.substring(run.lastIndexOf(' ') + 1);
  }

  private List<String> ofClass() {
    return CLASSES.get(run());
  }

  /** What the file's names have before the network's. */
  String prefix() {
    return isTimm() ? "" : ofClass().get(1);
  }

  /** The model's config.json, as far as networks depend on it. */
  TowerConfig config() {
    ObjectNode config = JSON.createObjectNode();
    if (isTimm()) {
      config.put("architecture", name.substring(TIMM.length()));
      config.set("num_classes", node.get("note_num_classes"));
      config.set("pretrained_cfg", node.get("pretrained_cfg"));
    } else {
      config.setAll((ObjectNode) node.get("config"));
      config.put("model_type", ofClass().get(0));
      config.putArray("architectures").add(run());
    }
    return new TowerConfig(config, name);
  }

  /** All tensors, by name. */
  Map<String, long[]> tensors() {
    Map<String, long[]> all = new TreeMap<>();
    node.get("tensors")
        .fields()
        .forEachRemaining(
            entry -> {
              long[] shape = new long[entry.getValue().size()];
              Arrays.setAll(shape, i -> entry.getValue().get(i).longValue());
              expanded(entry.getKey()).forEach(each -> all.put(each, shape));
            });
    return all;
  }

  private static List<String> expanded(String name) {
    Matcher range = RANGE.matcher(name);
    if (!range.find()) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>();
    for (int i = Integer.parseInt(range.group(1)); i <= Integer.parseInt(range.group(2)); i++) {
      names.addAll(expanded(name.substring(0, range.start()) + i + name.substring(range.end())));
    }
    return names;
  }

  /** The table's own count of learned numbers. */
  long parameters() {
    return node.get("parameters").longValue();
  }

  /** The table's own digest. */
  String digest() {
    return node.get("sha256_of_sorted_lines").textValue();
  }

  /** The digest of tensors, as the tables have it. */
  static String digest(Map<String, long[]> tensors) throws Exception {
    Map<String, String> lines = new LinkedHashMap<>();
    tensors.forEach(
        (name, shape) ->
            lines.put(
                name,
                name
                    + " "
                    + LongStream.of(shape)
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(","))));
    byte[] text = String.join("\n", lines.values()).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
  }

  @Override
  public String toString() {
    return name;
  }
}
