package org.grlu.features;

import java.util.Locale;

/** Settings to change, a small system's at first. */
final class TestSettings {
  FeatureSettings.Kind kind;
  long seed = 1;
  int size = 16;
  int hidden;
  FeatureSettings.Learning learning = FeatureSettings.Learning.BACKPROP;
  double learningRate;
  int epochs = 1;
  int perturbations = 4;
  int filters = 6;
  int patch = 5;
  int grid = 2;
  int steps = 3;
  FeatureSettings.Whiten whiten = FeatureSettings.Whiten.NONE;
  int whitenExamples;
  double ridge = 0.01;
  int components = 8;
  int expand;
  double expandShare = 0.05;

  TestSettings(FeatureSettings.Kind kind) {
    this.kind = kind;
  }

  /** Changes what {@code key=value} says. */
  void set(String assignment) {
    int equals = assignment.indexOf('=');
    String value = assignment.substring(equals + 1);
    String name = value.toUpperCase(Locale.ROOT).replace('-', '_');
    switch (assignment.substring(0, equals)) {
      case "kind" -> kind = FeatureSettings.Kind.valueOf(name);
      case "seed" -> seed = Long.parseLong(value);
      case "size" -> size = Integer.parseInt(value);
      case "hidden" -> hidden = Integer.parseInt(value);
      case "learning" -> learning = FeatureSettings.Learning.valueOf(name);
      case "learning-rate" -> learningRate = Double.parseDouble(value);
      case "epochs" -> epochs = Integer.parseInt(value);
      case "perturbations" -> perturbations = Integer.parseInt(value);
      case "filters" -> filters = Integer.parseInt(value);
      case "patch" -> patch = Integer.parseInt(value);
      case "grid" -> grid = Integer.parseInt(value);
      case "steps" -> steps = Integer.parseInt(value);
      case "whiten" -> whiten = FeatureSettings.Whiten.valueOf(name);
      case "whiten-examples" -> whitenExamples = Integer.parseInt(value);
      case "ridge" -> ridge = Double.parseDouble(value);
      case "components" -> components = Integer.parseInt(value);
      case "expand" -> expand = Integer.parseInt(value);
      case "expand-share" -> expandShare = Double.parseDouble(value);
      default -> throw new IllegalArgumentException(assignment);
    }
  }

  FeatureSettings build() {
    return new FeatureSettings(
        kind,
        seed,
        size,
        hidden,
        learning,
        learningRate,
        epochs,
        perturbations,
        filters,
        patch,
        grid,
        steps,
        whiten,
        whitenExamples,
        ridge,
        components,
        expand,
        expandShare);
  }
}
