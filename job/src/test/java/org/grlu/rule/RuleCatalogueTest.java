package org.grlu.rule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules from outside: how they come in, and what is wrong with some. */
class RuleCatalogueTest {
  @TempDir private Path folder;

  /** A definition like which others are, but for one thing. */
  public static class Good implements RuleDefinition {
    @Override
    public String name() {
      return "good";
    }

    @Override
    public String sentence() {
      return "Nothing is wrong with it.";
    }

    @Override
    public int version() {
      return 7;
    }

    @Override
    public List<Key> keys() {
      return List.of(Key.whole("rule." + name() + ".key", 1, 9).with(2, "Some number."));
    }

    @Override
    public LearningRule create(KeyValues values) {
      if (values.whole("rule.good.key") == 9) {
        throw new IllegalStateException("nine\nis too much");
      }
      return values.whole("rule.good.key") == 8 ? null : new Backprop();
    }
  }

  public static final class SameName extends Good {}

  public static final class BuiltInName extends Good {
    @Override
    public String name() {
      return "grlu";
    }
  }

  public static final class NameOfKey extends Good {
    @Override
    public String name() {
      return "noise";
    }
  }

  public static final class Throws extends Good {
    public Throws() {
      throw new IllegalStateException("not today");
    }
  }

  public static final class ThrowsLater extends Good {
    @Override
    public int version() {
      throw new IllegalStateException("no version");
    }
  }

  public static final class ForeignKey extends Good {
    @Override
    public List<Key> keys() {
      return List.of(Key.flag("training.fast").with(true, "Fast."));
    }
  }

  public static final class NoDefault extends Good {
    @Override
    public List<Key> keys() {
      return List.of(Key.flag("rule.good.key"));
    }
  }

  public static final class WrongDefault extends Good {
    @Override
    public List<Key> keys() {
      return List.of(Key.whole("rule.good.key", 1, 9).with(1.5, "Some number."));
    }
  }

  public static final class SameColumn extends Good {
    @Override
    public List<Key> keys() {
      return List.of(
          Key.flag("rule.good.a-b").with(true, "One."), Key.flag("rule.good.a.b").with(true, "2."));
    }
  }

  public static final class InsideAKey extends Good {
    @Override
    public List<Key> keys() {
      return List.of(
          Key.flag("rule.good.a.b").with(true, "One."), Key.flag("rule.good.a").with(true, "2."));
    }
  }

  public static final class UsesUnknown extends Good {
    @Override
    public Set<String> uses() {
      return Set.of("training.epochs");
    }
  }

  public static final class HalfAForm extends Good {
    @Override
    public List<RuleForm> forms() {
      return List.of(new RuleForm("", "the reward", "2 passes", "", "nobody"));
    }
  }

  private RuleCatalogue with(Class<?>... definitions) throws IOException {
    return withNames(
        Arrays.stream(definitions).map(Class::getName).collect(Collectors.joining("\n")));
  }

  private RuleCatalogue withNames(String names) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(services.resolve(RuleDefinition.class.getName()), names.getBytes(UTF_8));
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {url(folder)}, RuleCatalogue.class.getClassLoader())) {
      return RuleCatalogue.load(loader);
    }
  }

  private static URL url(Path folder) throws MalformedURLException {
    return folder.toUri().toURL();
  }

  private void refused(String why, Class<?>... definitions) {
    assertThatThrownBy(() -> with(definitions))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining(definitions[definitions.length - 1].getName())
        .hasMessageContaining(why)
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsOnTheClassPathIsThereBesideWhatIsBuiltIn() throws IOException {
    RuleCatalogue rules = with(Good.class);
    assertThat(rules.rules())
        .extracting(RuleEntry::name)
        .startsWith("grlu", "backprop")
        .endsWith("good");
    assertThat(rules.rule("backprop").identity()).isEqualTo(Map.of("rule.version", 4L));
    assertThat(rules.rule("good").identity())
        .containsEntry("rule.version", 7L)
        .containsEntry("rule.class", Good.class.getName())
        .hasEntrySatisfying("rule.jar-sha256", sha -> assertThat((String) sha).hasSize(64));
    assertThat(rules.keys().get(0).expected()).contains("grlu", "backprop", "good");
    Key own = rules.keys().get(rules.keys().size() - 1);
    assertThat(own.onlyIf()).isEqualTo(Map.of("rule.name", List.of("good")));
    assertThat(own.standard()).isEqualTo(2L);
    assertThat(rules.rule("good").forms()).isEmpty();
  }

  @Test
  void aRuleSeesOnlyWhatItDeclares() throws IOException {
    RuleEntry good = with(Good.class).rule("good");
    assertThat(good.create(path -> 2L)).isInstanceOf(Backprop.class);
    assertThatThrownBy(() -> good.create(path -> 9L))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining("create() failed: java.lang.IllegalStateException: nine is too much");
    assertThatThrownBy(() -> good.create(path -> 8L)).hasMessageContaining("must not be null");
    RuleEntry prying =
        new RuleEntry(
            new Good() {
              @Override
              public LearningRule create(KeyValues values) {
                values.value("training.seed");
                return new Backprop();
              }
            },
            null);
    assertThatThrownBy(() -> prying.create(path -> 2L))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining("training.seed is neither a key of its own nor one that it uses");
  }

  @Test
  void whatIsWrongIsSaidInALine() {
    refused("name() = good: that is the name of rule " + Good.class.getName(), pair());
    refused("name() = grlu: that is the name of rule grlu", BuiltInName.class);
    refused("name() = noise: rule.noise is a key", NameOfKey.class);
    refused("not today", Throws.class);
    refused("version() failed: java.lang.IllegalStateException: no version", ThrowsLater.class);
    refused("key training.fast: must be rule.good. and a name", ForeignKey.class);
    refused("key rule.good.key: its default, null, must be true or false", NoDefault.class);
    refused("its default, 1.5, must be a whole number, 1 to 9", WrongDefault.class);
    refused("key rule.good.a.b: its column is that of rule.good.a-b", SameColumn.class);
    refused("key rule.good.a.b: rule.good.a is a key itself", InsideAKey.class);
    refused("uses() training.epochs: must be of [", UsesUnknown.class);
    refused("forms(): RuleForm[form=, told=the reward, cost=2 passes, when=", HalfAForm.class);
    assertThatThrownBy(() -> withNames("example.Missing"))
        .isInstanceOf(RuleException.class)
        .hasMessageContaining("example.Missing")
        .hasMessageNotContaining("\n");
  }

  private static Class<?>[] pair() {
    return new Class<?>[] {Good.class, SameName.class};
  }

  @Test
  void aFoldersDigestIsOfItsClasses() throws IOException {
    String before = (String) with(Good.class).rule("good").identity().get("rule.jar-sha256");
    assertThat(new RuleOrigin(Good.class).sha256()).isEqualTo(before);
    assertThat(new RuleOrigin(RuleCatalogue.class).sha256()).isNotEqualTo(before);
  }
}
