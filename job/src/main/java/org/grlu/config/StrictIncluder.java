package org.grlu.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigParseable;
import java.io.File;
import java.net.URL;
import java.util.List;
import java.util.function.Function;

/**
 * An includer of HOCON files that requires every included file to exist. The library ignores
 * missing files, so a misspelt include would train the defaults.
 *
 * @param file the name of the including file
 * @param next the library's own includer, which does the work
 */
record StrictIncluder(String file, ConfigIncluder next)
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

  /** Returns the options for parsing a file of a given name. */
  static ConfigParseOptions options(String name) {
    return ConfigParseOptions.defaults()
        .setOriginDescription(name)
        .setIncluder(new StrictIncluder(name, null));
  }

  private StrictIncluder of(String other) {
    return new StrictIncluder(other, next);
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return new StrictIncluder(file, fallback);
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return included(context, what, strict -> next.include(strict, what));
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return included(
        context, what.toString(), strict -> ((ConfigIncluderFile) next).includeFile(strict, what));
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return included(
        context, what.toString(), strict -> ((ConfigIncluderURL) next).includeURL(strict, what));
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return included(
        context, what, strict -> ((ConfigIncluderClasspath) next).includeResources(strict, what));
  }

  private ConfigObject included(
      ConfigIncludeContext context, String what, Function<ConfigIncludeContext, ConfigObject> how) {
    try {
      return how.apply(new Strict(context, context.parseOptions(), of(what)));
    } catch (com.typesafe.config.ConfigException.IO e) {
      // not the library's exception: it tries a name with three endings, and would go on to the
      // next one where the file that it found includes a missing file
      throw new ConfigException(
          List.of(
              "%s: include \"%s\": must be a file that is there and can be read"
                  .formatted(file, what)));
    }
  }

  /**
   * The context of an include. It requires the included file to exist, and to know its own name.
   */
  private record Strict(
      ConfigIncludeContext context, ConfigParseOptions given, StrictIncluder child)
      implements ConfigIncludeContext {
    @Override
    public ConfigParseable relativeTo(String name) {
      ConfigParseable found = context.relativeTo(name);
      return found == null ? null : new Named(found, child.of(found.origin().description()));
    }

    @Override
    public ConfigParseOptions parseOptions() {
      return given.setAllowMissing(false).setIncluder(child);
    }

    @Override
    public ConfigIncludeContext setParseOptions(ConfigParseOptions options) {
      return new Strict(context, options, child);
    }
  }

  /** An included file, whose own includes report its name. */
  private record Named(ConfigParseable found, StrictIncluder includer) implements ConfigParseable {
    @Override
    public ConfigObject parse(ConfigParseOptions options) {
      return found.parse(options);
    }

    @Override
    public ConfigOrigin origin() {
      return found.origin();
    }

    @Override
    public ConfigParseOptions options() {
      return found.options().setIncluder(includer);
    }
  }
}
