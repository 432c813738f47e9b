/** What is trained: layer shapes, weights, inputs, the unperturbed forward pass, and files. */
package org.grlu.network;
