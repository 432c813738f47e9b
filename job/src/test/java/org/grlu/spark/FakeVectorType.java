package org.grlu.spark;

import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/** A type that stores vectors as that of Spark ML does, whose jar is not on the class path. */
public final class FakeVectorType extends UserDefinedType<FakeVectorType.Vector> {
  private static final long serialVersionUID = 1;

  /** A dense vector. */
  public static final class Vector implements Serializable {
    private static final long serialVersionUID = 1;
    private final double[] values;

    Vector(double[] values) {
      this.values = values;
    }
  }

  @Override
  public DataType sqlType() {
    return new StructType()
        .add("type", DataTypes.ByteType, false)
        .add("size", DataTypes.IntegerType, true)
        .add("indices", DataTypes.createArrayType(DataTypes.IntegerType, false), true)
        .add("values", DataTypes.createArrayType(DataTypes.DoubleType, false), true);
  }

  @Override
  public Object serialize(Vector vector) {
    return new GenericInternalRow(
        new Object[] {(byte) 1, null, null, new GenericArrayData(vector.values)});
  }

  @Override
  public Vector deserialize(Object stored) {
    return new Vector(((InternalRow) stored).getArray(3).toDoubleArray());
  }

  @Override
  public Class<Vector> userClass() {
    return Vector.class;
  }
}
