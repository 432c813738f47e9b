package org.grlu.config;

import java.util.List;

/**
 * Where halving stops trials, and how many go on.
 *
 * @param rungs epochs, ascending; the last is the whole of training
 * @param factor one in so many settings goes on at each rung but the last
 * @param earlySeeds how many of the seeds run before the last rung
 */
public record HalvingSettings(List<Integer> rungs, int factor, int earlySeeds) {
  public HalvingSettings {
    rungs = List.copyOf(rungs);
  }
}
