package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Speech Commands, versions 0.01 and 0.02 (Warden 2018): a folder per word. Two lists name the
 * clips for validation and test, all others are for training; _background_noise_ holds no words.
 */
public final class SpeechCommandsReader implements DatasetReader {
  private static final String VALIDATION = "validation_list.txt";
  private static final String TEST = "testing_list.txt";

  @Override
  public String label() {
    return "speech-commands";
  }

  @Override
  public Modality modality() {
    return Modality.AUDIO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "Speech Commands",
        List.of("speech_commands_v0.02/", "speech_commands_v0.01/"),
        Map.of(
            "speech_commands_v0.02.tar.gz", TEST,
            "speech_commands_v0.01.tar.gz", TEST),
        TEST + ", " + VALIDATION + " and a folder per word, or speech_commands_v0.02.tar.gz");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    Set<String> validation = listed(files, VALIDATION);
    Set<String> test = listed(files, TEST);
    TreeSet<String> words = new TreeSet<>();
    List<PublishedSample> samples = new ArrayList<>();
    for (String name : files.names("")) {
      int slash = name.indexOf('/');
      if (slash <= 0 || name.startsWith("_") || !name.endsWith(".wav")) {
        continue;
      }
      String word = name.substring(0, slash);
      words.add(word);
      String split =
          test.remove(name)
              ? PublishedSample.TEST
              : validation.remove(name) ? PublishedSample.VALIDATION : PublishedSample.TRAIN;
      samples.add(files.sample(name, word, split));
    }
    if (samples.isEmpty()) {
      throw LsgException.input(files.path("") + ": holds no clips in folders of words");
    }
    // What only a list knows is set aside later, as a file that is missing.
    missing(files, test, PublishedSample.TEST, words, samples);
    missing(files, validation, PublishedSample.VALIDATION, words, samples);
    return new PublishedData(List.copyOf(words), samples);
  }

  private static Set<String> listed(PublishedFiles files, String list) {
    Set<String> names = new HashSet<>();
    for (TextRow row : files.rows(list)) {
      if (!row.text().matches("[^/]+/[^/]+[.]wav")) {
        throw row.wrong("must be \"word/clip.wav\"");
      }
      names.add(row.text());
    }
    return names;
  }

  private static void missing(
      PublishedFiles files,
      Set<String> names,
      String split,
      TreeSet<String> words,
      List<PublishedSample> samples) {
    for (String name : new TreeSet<>(names)) {
      String word = name.substring(0, name.indexOf('/'));
      words.add(word);
      samples.add(files.sample(name, word, split));
    }
  }
}
