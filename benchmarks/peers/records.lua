local function make(i) return { x = i, y = i * 2, tags = { i, i + 1 }, name = "r" .. i } end
local total, kept = 0, {}
for i = 0, 29999 do
  local r = make(i)
  total = total + r.x + r.y + r.tags[2] + #r.name
  if i % 100 == 0 then kept[#kept + 1] = r end
end
for _, r in ipairs(kept) do total = total + r.x end
return total + #kept
