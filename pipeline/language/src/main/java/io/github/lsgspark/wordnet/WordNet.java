package io.github.lsgspark.wordnet;

import io.github.lsgspark.text.Label;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.sf.extjwnl.JWNLException;
import net.sf.extjwnl.data.IndexWord;
import net.sf.extjwnl.data.POS;
import net.sf.extjwnl.data.Pointer;
import net.sf.extjwnl.data.PointerType;
import net.sf.extjwnl.data.Synset;
import net.sf.extjwnl.data.Word;
import net.sf.extjwnl.dictionary.Dictionary;

/**
 * The nouns of WordNet 3.0 (Princeton University), whose offsets are the numbers of ImageNet's
 * classes; those of 3.1 are others. Read from the class path through extJWNL when first asked.
 */
public final class WordNet {
  private static final String RESOURCE = "/net/sf/extjwnl/data/wordnet/wn30/res_properties.xml";
  private static final Pattern WNID = Pattern.compile("n(\\d{8})");
  private static final Pattern KEY = Pattern.compile("(\\S+)[.]n[.](\\d{1,3})");

  /** Where a gloss goes over to examples. */
  private static final Pattern EXAMPLES = Pattern.compile("\\s*;\\s*\".*", Pattern.DOTALL);

  private static final class Holder {
    static final WordNet INSTANCE = new WordNet();
  }

  private final Dictionary dictionary;
  private final Map<Long, List<Long>> parents = new HashMap<>();
  private final Map<Long, Integer> depths = new HashMap<>();

  private WordNet() {
    try (InputStream in = WordNet.class.getResourceAsStream(RESOURCE)) {
      dictionary = Dictionary.getInstance(in);
    } catch (JWNLException e) {
      throw new IllegalStateException("WordNet 3.0: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only one of this JVM. */
  public static WordNet get() {
    return Holder.INSTANCE;
  }

  /** Whether a text has the form of a noun's number, such as n02084071. */
  public static boolean isWnid(String text) {
    return WNID.matcher(text).matches();
  }

  /** The meaning that has a number; empty if none has. */
  public synchronized Optional<Sense> byWnid(String wnid) {
    Matcher matcher = WNID.matcher(wnid);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long offset = Long.parseLong(matcher.group(1));
    // An offset inside a line would be read as some other text.
    return Optional.ofNullable(synset(offset))
        .filter(synset -> !synset.getWords().isEmpty())
        .map(WordNet::sense)
        .filter(sense -> sense.wnid().equals(wnid) && senses(sense.name()).contains(sense));
  }

  /** The meaning of {@code crane.n.04} or n03126707; empty if there is none. */
  public Optional<Sense> named(String name) {
    Matcher key = KEY.matcher(name.strip());
    if (!key.matches()) {
      return byWnid(name.strip());
    }
    List<Sense> senses = senses(key.group(1));
    int number = Integer.parseInt(key.group(2));
    return number >= 1 && number <= senses.size()
        ? Optional.of(senses.get(number - 1))
        : Optional.empty();
  }

  /**
   * The meanings of a noun or noun phrase, or of the singular that it is the plural of, the most
   * frequent first.
   */
  public synchronized List<Sense> senses(String text) {
    String lemma = Label.textOf(text).toLowerCase(Locale.ROOT);
    if (lemma.isEmpty()) {
      return List.of();
    }
    try {
      IndexWord word = dictionary.getIndexWord(POS.NOUN, lemma);
      if (word == null && lemma.indexOf('-') > 0) {
        word = dictionary.getIndexWord(POS.NOUN, lemma.replace('-', ' '));
      }
      if (word == null) {
        // Of a phrase only the last word has a plural; what extJWNL makes of the others is no name.
        int last = lemma.lastIndexOf(' ') + 1;
        IndexWord single = dictionary.lookupIndexWord(POS.NOUN, lemma.substring(last));
        word =
            single == null
                ? null
                : dictionary.getIndexWord(POS.NOUN, lemma.substring(0, last) + single.getLemma());
      }
      return word == null ? List.of() : word.getSenses().stream().map(WordNet::sense).toList();
    } catch (JWNLException e) {
      throw new IllegalStateException("WordNet 3.0: " + text + ": " + e.getMessage(), e);
    }
  }

  /**
   * What a meaning is a kind or an instance of, and itself.
   *
   * @return by offset, the steps up to each
   */
  public synchronized Map<Long, Integer> ancestors(Sense sense) {
    long own = Long.parseLong(sense.wnid().substring(1));
    Map<Long, Integer> steps = new LinkedHashMap<>();
    Queue<Long> open = new ArrayDeque<>();
    steps.put(own, 0);
    open.add(own);
    while (!open.isEmpty()) {
      long node = open.remove();
      for (long parent : parents(node)) {
        if (steps.putIfAbsent(parent, steps.get(node) + 1) == null) {
          open.add(parent);
        }
      }
    }
    return steps;
  }

  /** What a meaning is a kind or an instance of, one step up. */
  synchronized List<Sense> parents(Sense sense) {
    return parents(Long.parseLong(sense.wnid().substring(1))).stream()
        .map(this::synset)
        .map(WordNet::sense)
        .toList();
  }

  /** Nodes on the shortest way from the root to one that {@link #ancestors} names, both counted. */
  public synchronized int depth(long offset) {
    Integer known = depths.get(offset);
    if (known != null) {
      return known;
    }
    int depth = 1 + parents(offset).stream().mapToInt(parent -> depth(parent)).min().orElse(0);
    depths.put(offset, depth);
    return depth;
  }

  private List<Long> parents(long offset) {
    List<Long> known = parents.get(offset);
    if (known != null) {
      return known;
    }
    List<Long> found = new ArrayList<>();
    try {
      for (Pointer pointer : synset(offset).getPointers()) {
        if (pointer.getType() == PointerType.HYPERNYM
            || pointer.getType() == PointerType.INSTANCE_HYPERNYM) {
          found.add(pointer.getTargetOffset());
        }
      }
    } catch (JWNLException e) {
      throw new IllegalStateException("WordNet 3.0: " + offset + ": " + e.getMessage(), e);
    }
    parents.put(offset, found);
    return found;
  }

  private Synset synset(long offset) {
    try {
      return dictionary.getSynsetAt(POS.NOUN, offset);
    } catch (JWNLException | RuntimeException e) {
      return null; // No line begins there.
    }
  }

  private static Sense sense(Synset synset) {
    List<String> words =
        synset.getWords().stream().map(Word::getLemma).map(word -> word.replace('_', ' ')).toList();
    String gloss = EXAMPLES.matcher(synset.getGloss()).replaceFirst("").strip();
    return new Sense(
        String.format(Locale.ROOT, "n%08d", synset.getOffset()), key(synset), words, gloss);
  }

  private static String key(Synset synset) {
    String lemma = synset.getWords().get(0).getLemma().toLowerCase(Locale.ROOT);
    try {
      int number =
          1 + synset.getDictionary().getIndexWord(POS.NOUN, lemma).getSenses().indexOf(synset);
      return String.format(Locale.ROOT, "%s.n.%02d", lemma.replace(' ', '_'), number);
    } catch (JWNLException e) {
      throw new IllegalStateException("WordNet 3.0: " + lemma + ": " + e.getMessage(), e);
    }
  }
}
