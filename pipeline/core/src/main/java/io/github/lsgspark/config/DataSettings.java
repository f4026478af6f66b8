package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * Where samples come from.
 *
 * @param modality what samples are
 * @param format how {@code train} is laid out
 * @param train folder, zip, list file, Parquet, or {@code drawn:base} / {@code drawn:novel} for
 *     pictures the program draws itself; empty means not set
 * @param test the same; empty: the source of {@code train} must hold a test split
 * @param root folder that relative paths of a list file start from; empty: the list's own folder
 * @param testFraction share of each class's training samples that becomes the test split of a
 *     source without one
 * @param testSeed of that draw
 * @param validationFraction share of each class's training samples set aside for model selection
 * @param fold which fold, from 1, is the test split; 0: the splits that the source has, and of a
 *     benchmark published in folds the first
 * @param foldPattern regular expression over the names of files whose first group is the number of
 *     the fold; empty: only benchmarks have folds
 * @param unseenClasses classes of which no training sample keeps its label
 * @param columns of tables, and of lists with a header
 * @param layout how the folders of a folder or zip are read
 * @param testSplit which split of the source the models are tested on
 * @param duplicates what is done with samples of the same content in several splits
 */
public record DataSettings(
    Modality modality,
    String format,
    @InputPath String train,
    @InputPath String test,
    @InputPath String root,
    @Range(min = 0, max = 0.9) double testFraction,
    long testSeed,
    @Range(min = 0, max = 0.9) double validationFraction,
    LabelBudget labelBudget,
    @Range(min = 0, max = 1000) int fold,
    String foldPattern,
    UnseenSettings unseenClasses,
    DrawnSettings drawn,
    ColumnSettings columns,
    Layout layout,
    TestSplit testSplit,
    Duplicates duplicates)
    implements Serializable {

  /** Class folders, zip, list, Parquet or drawn samples. */
  public static final String GENERIC = "generic";

  public DataSettings {
    if (fold > 0 && format.equals(GENERIC) && foldPattern.isEmpty() && columns.fold().isEmpty()) {
      throw new IllegalArgumentException(
          "fold = "
              + fold
              + " needs fold-pattern, which tells the folds of files by their names, or columns.fold,"
              + " the column of a list or table that does");
    }
    if (testSplit == TestSplit.NONE && (fold > 0 || testFraction > 0 || !test.isEmpty())) {
      throw new IllegalArgumentException(
          "test-split = none sets no sample aside, but fold, test-fraction or test asks for some");
    }
    if (!foldPattern.isEmpty() && !columns.fold().isEmpty()) {
      throw new IllegalArgumentException(
          "fold-pattern and columns.fold both tell folds: set one of them");
    }
    if (!foldPattern.isEmpty()) {
      if (!format.equals(GENERIC)) {
        throw new IllegalArgumentException("fold-pattern is for format = generic");
      }
      if (Pattern.compile(foldPattern).matcher("").groupCount() < 1) {
        throw new IllegalArgumentException(
            "fold-pattern needs a group in parentheses, the number of the fold, but was: "
                + foldPattern);
      }
    }
  }

  /** Whether sources are not of a benchmark in the form it is published in. */
  public boolean isGeneric() {
    return format.equals(GENERIC);
  }

  /** How folders are read. */
  public enum Layout {
    /** By their names; what can be read in two ways is refused. */
    AUTO,
    /** Split folders hold class folders; other folders beside them are left out. */
    SPLITS,
    /** Every folder is a class, whatever it is called. */
    CLASSES,
    /** No folder is anything: every file, line or row is a sample without a label. */
    UNLABELLED
  }

  /** Which split is the test split. */
  public enum TestSplit {
    TEST,
    /** For sources whose test split has no labels or is not published. */
    VALIDATION,
    /** No sample is set aside: each labelled one is judged by a head that is fitted without it. */
    NONE
  }

  /** What is done with a sample whose content is in several splits. */
  public enum Duplicates {
    /** It is reported. */
    KEEP,
    /** Only one stays: that of the test split, else that of validation, else the first. */
    DROP_TRAIN,
    /** The stage fails. */
    FAIL
  }

  /** What samples are. */
  public enum Modality {
    IMAGE,
    AUDIO,
    VIDEO
  }

  /**
   * Which classes stay without a single label.
   *
   * @param count how many are drawn of the label set; 0: none
   * @param seed of that draw, whatever the run's seed
   * @param file names them instead, one per line; empty means not set
   * @param keepUnlabelled whether their training samples stay, as unlabelled ones
   */
  public record UnseenSettings(
      @Range(min = 0, max = 1_000_000) int count,
      long seed,
      @InputPath String file,
      boolean keepUnlabelled)
      implements Serializable {

    /** Refuses a number and a file at once. */
    public UnseenSettings {
      if (count > 0 && !file.isEmpty()) {
        throw new IllegalArgumentException(
            "count draws the classes and file names them: set one of both, but they were "
                + count
                + " and "
                + file);
      }
    }

    /** Whether there are such classes. */
    public boolean any() {
      return count > 0 || !file.isEmpty();
    }
  }

  /**
   * Samples that the program draws or sounds for the demonstration.
   *
   * @param imageSize side of pictures and videos in pixels
   * @param seconds that sounds and videos last
   * @param baseClasses classes for pre-training
   * @param novelClasses classes to fine-tune on; disjoint from the base classes
   */
  public record DrawnSettings(
      @Range(min = 16, max = 256) int imageSize,
      @Range(min = 0.2, max = 60) double seconds,
      @Range(min = 2, max = 1000) int baseClasses,
      @Range(min = 2, max = 1000) int novelClasses,
      @Range(min = 1, max = 100000) int trainPerClass,
      @Range(min = 1, max = 100000) int testPerClass,
      long seed)
      implements Serializable {}
}
