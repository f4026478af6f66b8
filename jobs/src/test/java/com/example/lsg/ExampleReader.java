package com.example.lsg;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.dataset.published.DatasetReader;
import io.github.lsgspark.dataset.published.Layout;
import io.github.lsgspark.dataset.published.PublishedData;
import io.github.lsgspark.dataset.published.PublishedFiles;
import io.github.lsgspark.dataset.published.PublishedSample;
import io.github.lsgspark.dataset.published.TextRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A benchmark of somebody else's: lines of split, class and file. */
public final class ExampleReader implements DatasetReader {

  @Override
  public String label() {
    return "example-reader";
  }

  @Override
  public Modality modality() {
    return Modality.IMAGE;
  }

  @Override
  public Layout layout() {
    return new Layout("Example", List.of(), Map.of(), "list.txt and images/");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    TreeSet<String> classes = new TreeSet<>();
    List<PublishedSample> samples = new ArrayList<>();
    for (TextRow row : files.rows("list.txt")) {
      String[] words = row.words(3, "split class file");
      classes.add(words[1]);
      samples.add(files.sample("images/" + words[2], words[1], words[0]));
    }
    return new PublishedData(List.copyOf(classes), samples);
  }
}
