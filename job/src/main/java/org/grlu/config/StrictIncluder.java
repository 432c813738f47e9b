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
 * Includes of HOCON that all have to be there. The library passes over what is missing, so that a
 * misspelt one would train the defaults.
 *
 * @param file the name of the one that includes
 * @param next the library's own includer, which does the work
 */
record StrictIncluder(String file, ConfigIncluder next)
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

  /** How a file is parsed that goes by this name. */
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
      // of another class than the library's: it looks for a name with three endings, and goes on
      // to the next one where the file that it found includes one that is missing
      throw new ConfigException(
          List.of(
              "%s: include \"%s\": must be a file that is there and can be read"
                  .formatted(file, what)));
    }
  }

  /** Where an include stands, so that what is included must be there and knows its own name. */
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

  /** What is included, whose own includes name it. */
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
