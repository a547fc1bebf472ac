import { Observatory } from "./observatory";

export default function Page() {
  return (
    <main>
      <h1>Does a planet pass in front of this star?</h1>
      <Observatory />
    </main>
  );
}
