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
      Map.of(
          "ConvNextForImageClassification", List.of("convnext", "convnext."),
          "ConvNextV2ForImageClassification", List.of("convnextv2", "convnextv2."),
          "SwinForImageClassification", List.of("swin", "swin."),
          "Dinov2Model", List.of("dinov2", ""),
          "Dinov2WithRegistersModel", List.of("dinov2_with_registers", ""),
          "DINOv3ConvNextModel", List.of("dinov3_convnext", ""),
          "DINOv3ViTModel", List.of("dinov3_vit", ""),
          "SiglipModel", List.of("siglip", ""),
          "Siglip2Model", List.of("siglip2", ""),
          "CLIPModel", List.of("clip", ""));

  /** The same of networks of clips. */
  private static final Map<String, List<String>> VIDEO_CLASSES =
      Map.of(
          "VideoMAEForPreTraining", List.of("videomae", "videomae."),
          "VideoMAEForVideoClassification", List.of("videomae", "videomae."),
          "TimesformerForVideoClassification", List.of("timesformer", "timesformer."),
          "VJEPA2Model", List.of("vjepa2", ""),
          "VJEPA2ForVideoClassification", List.of("vjepa2", "vjepa2."),
          "VivitForVideoClassification", List.of("vivit", "vivit."),
          "XCLIPModel", List.of("xclip", ""));

  static List<NamesTable> all() throws Exception {
    return all("towers");
  }

  static List<NamesTable> ofVideos() throws Exception {
    return all("towers-av").stream()
        .filter(table -> VIDEO_CLASSES.containsKey(table.run()))
        .toList();
  }

  private static List<NamesTable> all(String place) throws Exception {
    Path folder = Path.of(System.getProperty("lsg.shared.dir")).resolve(place).resolve("names");
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
    return VIDEO_CLASSES.getOrDefault(run(), CLASSES.get(run()));
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
