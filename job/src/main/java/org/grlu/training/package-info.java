/** From one configuration and seed to one result: schedules, epochs, evaluation, the trial. */
package org.grlu.training;
