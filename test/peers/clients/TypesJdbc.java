// Reads every column of the tables named on the command line in text and in binary; prints `table TAB format TAB column TAB fault or nothing`.
import java.sql.*;

public class TypesJdbc {
  public static void main(String[] args) throws Exception {
    var e = System.getenv();
    var url = "jdbc:postgresql://" + e.get("PGHOST") + ":" + e.get("PGPORT") + "/" + e.get("PGDATABASE");
    for (boolean binary : new boolean[] {false, true}) {
      var more = binary ? "?binaryTransfer=true&prepareThreshold=-1" : "?binaryTransfer=false&prepareThreshold=0";
      try (var db = DriverManager.getConnection(url + more, e.get("PGUSER"), e.get("PGPASSWORD"))) {
        for (int a = 1; a < args.length; a++) for (int at = 0; at < Integer.parseInt(args[0]); at++) {
          var fault = "";
          try (var s = db.prepareStatement("SELECT c" + at + " FROM " + args[a] + " ORDER BY id")) {
            var r = s.executeQuery();
            int rows = 0;
            for (; r.next(); rows++) {
              Object o = r.getObject(1);
              if (o instanceof java.sql.Array array) array.getArray();
              if (o instanceof SQLXML xml) xml.getString();
              String.valueOf(o);
              if (rows == 1 && o != null) fault = "the second row is not NULL: " + o;
            }
            if (rows != 2) fault = rows + " rows";
          } catch (Exception error) { fault = error.toString().replaceAll("\\s+", " "); }
          System.out.println(args[a] + "\t" + (binary ? "binary" : "text") + "\t" + at + "\t" + fault);
        }
      }
    }
  }
}
