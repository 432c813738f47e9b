/** NumPy's files, in bytes: what an .npy file says of its array, and the archive that .npz is. */
package org.grlu.datasets.npy;
