/**
 * Trains one configuration with one seed to one result: schedules, epochs, evaluation, the trial.
 */
package org.grlu.training;
